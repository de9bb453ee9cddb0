// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.platform.lsp.api;

import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;

public interface LspServerSupportProvider {
    void fileOpened(Project project, VirtualFile file, LspServerStarter serverStarter);

    interface LspServerStarter { void ensureServerStarted(LspServerDescriptor descriptor); }
}
