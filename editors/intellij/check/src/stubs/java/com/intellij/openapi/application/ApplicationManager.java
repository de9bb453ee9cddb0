// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.application;

public class ApplicationManager { public static Application getApplication() { throw new UnsupportedOperationException(); } }
