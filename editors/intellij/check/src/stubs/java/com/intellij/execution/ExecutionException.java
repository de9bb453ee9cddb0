// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.execution;

public class ExecutionException extends Exception { public ExecutionException(String message) { super(message); } }
