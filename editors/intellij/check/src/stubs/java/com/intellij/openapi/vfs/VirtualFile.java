// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.vfs;

public abstract class VirtualFile { public abstract String getName(); public abstract String getPath(); }
