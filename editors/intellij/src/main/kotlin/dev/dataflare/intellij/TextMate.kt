/** Colours before the server answers: the grammars of the VS Code extension, which the build puts beside the plugin. */
package dev.dataflare.intellij

import com.intellij.ide.plugins.PluginManagerCore
import com.intellij.openapi.extensions.PluginId
import org.jetbrains.plugins.textmate.api.TextMateBundleProvider

class DataflareBundles : TextMateBundleProvider {
    override fun getBundles(): List<TextMateBundleProvider.PluginBundle> {
        val plugin = PluginManagerCore.getPlugin(PluginId.getId("dev.dataflare")) ?: return emptyList()
        return listOf(TextMateBundleProvider.PluginBundle("DataFlare", plugin.pluginPath.resolve("textmate")))
    }
}
