// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.platform.lsp.api;

import com.intellij.execution.ExecutionException;
import com.intellij.execution.configurations.GeneralCommandLine;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;

public abstract class LspServerDescriptor {
    protected LspServerDescriptor(Project project, String presentableName, VirtualFile... roots) { }
    public final Project getProject() { throw new UnsupportedOperationException(); }
    public abstract boolean isSupportedFile(VirtualFile file);
    public String getLanguageId(VirtualFile file) { throw new UnsupportedOperationException(); }
    public GeneralCommandLine createCommandLine() throws ExecutionException { throw new UnsupportedOperationException(); }
}
