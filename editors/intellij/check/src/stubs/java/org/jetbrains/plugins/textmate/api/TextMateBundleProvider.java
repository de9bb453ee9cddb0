// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package org.jetbrains.plugins.textmate.api;

import java.nio.file.Path;
import java.util.List;

public interface TextMateBundleProvider {
    List<PluginBundle> getBundles();

    final class PluginBundle { public PluginBundle(String name, Path path) { } }
}
