// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.ide.plugins;

public interface IdeaPluginDescriptor { java.nio.file.Path getPluginPath(); boolean isEnabled(); }
