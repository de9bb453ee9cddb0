// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.platform.lsp.api;

import com.intellij.openapi.project.Project;

public abstract class ProjectWideLspServerDescriptor extends LspServerDescriptor {
    protected ProjectWideLspServerDescriptor(Project project, String presentableName) { super(project, presentableName); }
}
