// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.options;

public class ConfigurationException extends Exception { public ConfigurationException(String message) { super(message); } }
