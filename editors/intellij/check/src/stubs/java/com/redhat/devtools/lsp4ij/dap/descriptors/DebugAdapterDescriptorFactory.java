// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.redhat.devtools.lsp4ij.dap.descriptors;

import com.intellij.execution.runners.ExecutionEnvironment;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import com.redhat.devtools.lsp4ij.dap.configurations.DAPRunConfigurationOptions;
import com.redhat.devtools.lsp4ij.dap.configurations.DebuggableFile;
import com.redhat.devtools.lsp4ij.dap.definitions.DebugAdapterServerDefinition;

public abstract class DebugAdapterDescriptorFactory implements DebuggableFile {
    public DebugAdapterDescriptor createDebugAdapterDescriptor(DAPRunConfigurationOptions options, ExecutionEnvironment environment) {
        throw new UnsupportedOperationException();
    }
    @Override public boolean isDebuggableFile(VirtualFile file, Project project) { throw new UnsupportedOperationException(); }
    public DebugAdapterServerDefinition getServerDefinition() { throw new UnsupportedOperationException(); }
}
