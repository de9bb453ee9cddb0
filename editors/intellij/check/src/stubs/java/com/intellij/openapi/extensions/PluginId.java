// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.extensions;

public final class PluginId { public static PluginId getId(String id) { throw new UnsupportedOperationException(); } }
