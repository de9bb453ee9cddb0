// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.ide.plugins;

import com.intellij.openapi.extensions.PluginId;

public final class PluginManagerCore { public static IdeaPluginDescriptor getPlugin(PluginId id) { throw new UnsupportedOperationException(); } }
