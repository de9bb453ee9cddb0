// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.execution.process;

public abstract class ProcessHandler { }
