// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.execution.configurations;

public class RunConfigurationOptions { }
