/** The server through the platform's own client, in the IDEs that have one, unless LSP4IJ is there, which debugs as well. */
package dev.dataflare.intellij

import com.intellij.execution.configurations.GeneralCommandLine
import com.intellij.ide.plugins.PluginManagerCore
import com.intellij.openapi.extensions.PluginId
import com.intellij.openapi.project.Project
import com.intellij.openapi.vfs.VirtualFile
import com.intellij.platform.lsp.api.LspServerSupportProvider
import com.intellij.platform.lsp.api.ProjectWideLspServerDescriptor

class DataflareServerSupport : LspServerSupportProvider {
    override fun fileOpened(
        project: Project,
        file: VirtualFile,
        serverStarter: LspServerSupportProvider.LspServerStarter,
    ) {
        val other = PluginManagerCore.getPlugin(PluginId.getId("com.redhat.devtools.lsp4ij"))
        if (other?.isEnabled != true && isServed(file.name)) serverStarter.ensureServerStarted(DataflareServer(project))
    }
}

private class DataflareServer(project: Project) : ProjectWideLspServerDescriptor(project, "DataFlare") {
    override fun isSupportedFile(file: VirtualFile): Boolean = isServed(file.name)

    override fun getLanguageId(file: VirtualFile): String = languageId(file.name)

    override fun createCommandLine(): GeneralCommandLine = commandLine(project, "serve")
}
