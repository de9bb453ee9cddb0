// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.project;

public interface Project { String getBasePath(); }
