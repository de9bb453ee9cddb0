// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.redhat.devtools.lsp4ij.dap.descriptors;

import com.intellij.execution.ExecutionException;
import com.intellij.execution.configurations.GeneralCommandLine;
import com.intellij.execution.configurations.RunConfigurationOptions;
import com.intellij.execution.process.OSProcessHandler;
import com.intellij.execution.process.ProcessHandler;
import com.intellij.execution.runners.ExecutionEnvironment;
import com.intellij.openapi.fileTypes.FileType;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import com.redhat.devtools.lsp4ij.dap.DebugMode;
import com.redhat.devtools.lsp4ij.dap.configurations.DebuggableFile;
import com.redhat.devtools.lsp4ij.dap.definitions.DebugAdapterServerDefinition;
import java.util.Map;

public abstract class DebugAdapterDescriptor implements DebuggableFile {
    protected final RunConfigurationOptions options;
    protected final ExecutionEnvironment environment;

    public DebugAdapterDescriptor(RunConfigurationOptions options, ExecutionEnvironment environment, DebugAdapterServerDefinition definition) {
        this.options = options;
        this.environment = environment;
    }
    public abstract ProcessHandler startServer() throws ExecutionException;
    protected OSProcessHandler startServer(GeneralCommandLine commandLine) throws ExecutionException { throw new UnsupportedOperationException(); }
    public abstract Map<String, Object> getDapParameters();
    public abstract ServerReadyConfig getServerReadyConfig(DebugMode mode);
    public abstract FileType getFileType();
    @Override public boolean isDebuggableFile(VirtualFile file, Project project) { throw new UnsupportedOperationException(); }
}
