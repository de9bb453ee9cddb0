// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.execution.runners;

import com.intellij.openapi.project.Project;

public class ExecutionEnvironment { public Project getProject() { throw new UnsupportedOperationException(); } }
