// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.notification;

import com.intellij.openapi.project.Project;

public class Notification { public void notify(Project project) { throw new UnsupportedOperationException(); } }
