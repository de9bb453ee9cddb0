/** The server and the debugger through LSP4IJ, which every edition can have. */
package dev.dataflare.intellij

import com.intellij.execution.ExecutionException
import com.intellij.execution.configurations.RunConfigurationOptions
import com.intellij.execution.process.ProcessHandler
import com.intellij.execution.runners.ExecutionEnvironment
import com.intellij.openapi.fileTypes.FileType
import com.intellij.openapi.project.Project
import com.intellij.openapi.vfs.VirtualFile
import com.redhat.devtools.lsp4ij.LanguageServerFactory
import com.redhat.devtools.lsp4ij.dap.DebugMode
import com.redhat.devtools.lsp4ij.dap.configurations.DAPRunConfigurationOptions
import com.redhat.devtools.lsp4ij.dap.configurations.options.FileOptionConfigurable
import com.redhat.devtools.lsp4ij.dap.definitions.DebugAdapterServerDefinition
import com.redhat.devtools.lsp4ij.dap.descriptors.DebugAdapterDescriptor
import com.redhat.devtools.lsp4ij.dap.descriptors.DebugAdapterDescriptorFactory
import com.redhat.devtools.lsp4ij.dap.descriptors.ServerReadyConfig
import com.redhat.devtools.lsp4ij.server.OSProcessStreamConnectionProvider
import com.redhat.devtools.lsp4ij.server.StreamConnectionProvider

class DataflareServerFactory : LanguageServerFactory {
    override fun createConnectionProvider(project: Project): StreamConnectionProvider =
        OSProcessStreamConnectionProvider(commandLine(project, "serve"))
}

class DataflareDebuggerFactory : DebugAdapterDescriptorFactory() {
    override fun createDebugAdapterDescriptor(
        options: DAPRunConfigurationOptions,
        environment: ExecutionEnvironment,
    ): DebugAdapterDescriptor = DataflareDebugger(options, environment, serverDefinition)

    override fun isDebuggableFile(file: VirtualFile, project: Project): Boolean = isServed(file.name)
}

private class DataflareDebugger(
    options: RunConfigurationOptions,
    environment: ExecutionEnvironment,
    definition: DebugAdapterServerDefinition?,
) : DebugAdapterDescriptor(options, environment, definition) {
    @Throws(ExecutionException::class)
    override fun startServer(): ProcessHandler = startServer(commandLine(environment.project, "dap"))

    /** The manifest or component that was chosen, else the plugin in the project's folder; all else has defaults. */
    override fun getDapParameters(): Map<String, Any> {
        val chosen = (options as? FileOptionConfigurable)?.file.orEmpty()
        val program = if (isProgram(chosen)) chosen else environment.project.basePath.orEmpty()
        return mapOf("type" to "dataflare", "request" to "launch", "program" to program)
    }

    /** It talks by standard input and output, and is ready when it runs. */
    override fun getServerReadyConfig(debugMode: DebugMode): ServerReadyConfig = ServerReadyConfig(0)

    override fun getFileType(): FileType? = null
}
