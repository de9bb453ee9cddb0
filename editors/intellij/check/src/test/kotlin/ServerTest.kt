import dev.dataflare.intellij.findProgram
import dev.dataflare.intellij.languageId
import org.eclipse.lsp4j.ClientCapabilities
import org.eclipse.lsp4j.CompletionParams
import org.eclipse.lsp4j.DefinitionParams
import org.eclipse.lsp4j.DidChangeTextDocumentParams
import org.eclipse.lsp4j.DidOpenTextDocumentParams
import org.eclipse.lsp4j.DocumentFormattingParams
import org.eclipse.lsp4j.FormattingOptions
import org.eclipse.lsp4j.HoverParams
import org.eclipse.lsp4j.InitializeParams
import org.eclipse.lsp4j.InitializeResult
import org.eclipse.lsp4j.InitializedParams
import org.eclipse.lsp4j.MessageActionItem
import org.eclipse.lsp4j.MessageParams
import org.eclipse.lsp4j.Position
import org.eclipse.lsp4j.PublishDiagnosticsParams
import org.eclipse.lsp4j.ShowMessageRequestParams
import org.eclipse.lsp4j.TextDocumentContentChangeEvent
import org.eclipse.lsp4j.TextDocumentIdentifier
import org.eclipse.lsp4j.TextDocumentItem
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier
import org.eclipse.lsp4j.WorkspaceFolder
import org.eclipse.lsp4j.launch.LSPLauncher
import org.eclipse.lsp4j.services.LanguageClient
import org.eclipse.lsp4j.services.LanguageServer
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

private const val PATIENCE = 30L

private const val TYPES = """package corp:app@1.0.0;

interface types {
    /// One record.
    record data-record {
        id: string,
    }
}
"""

private const val API = """interface api {
    use types.{data-record};

    read: func() -> option<data-recrod>;
}
"""

/** The real server, found as the plugin finds it, and LSP4J's client, which is the one of LSP4IJ. */
class ServerTest {
    @TempDir
    lateinit var folder: Path

    private lateinit var process: Process
    private lateinit var server: LanguageServer
    private lateinit var started: InitializeResult
    private val published = LinkedBlockingQueue<PublishDiagnosticsParams>()

    private inner class Client : LanguageClient {
        override fun telemetryEvent(given: Any?) = Unit

        override fun publishDiagnostics(given: PublishDiagnosticsParams) = published.put(given)

        override fun showMessage(given: MessageParams) = Unit

        override fun showMessageRequest(given: ShowMessageRequestParams): CompletableFuture<MessageActionItem> =
            CompletableFuture.completedFuture(null)

        override fun logMessage(given: MessageParams) = Unit
    }

    @BeforeEach
    fun start() {
        Files.writeString(folder.resolve("types.wit"), TYPES)
        Files.writeString(folder.resolve("api.wit"), API)
        val program = checkNotNull(findProgram(null, folder)) { "dataflare-lsp has to be on PATH" }
        process = ProcessBuilder(program.toString(), "serve").redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val launcher = LSPLauncher.createClientLauncher(Client(), process.inputStream, process.outputStream)
        launcher.startListening()
        server = launcher.remoteProxy
        val given = InitializeParams()
        given.capabilities = ClientCapabilities()
        given.workspaceFolders = listOf(WorkspaceFolder(folder.toUri().toString(), "work"))
        started = server.initialize(given).get(PATIENCE, TimeUnit.SECONDS)
        server.initialized(InitializedParams())
        for (name in listOf("types.wit", "api.wit")) {
            val text = Files.readString(folder.resolve(name))
            server.textDocumentService.didOpen(DidOpenTextDocumentParams(TextDocumentItem(uri(name), languageId(name), 1, text)))
        }
    }

    @AfterEach
    fun stop() {
        try {
            server.shutdown().get(PATIENCE, TimeUnit.SECONDS)
            server.exit()
            assertTrue(process.waitFor(PATIENCE, TimeUnit.SECONDS), "the server does not end")
            assertEquals(0, process.exitValue())
        } finally {
            process.destroyForcibly()
        }
    }

    private fun uri(name: String) = folder.resolve(name).toUri().toString()

    private fun document(name: String) = TextDocumentIdentifier(uri(name))

    /** The codes shown for a file, once they are as [wanted]. */
    private fun shown(name: String, wanted: List<String>) {
        var last: List<String>? = null
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE)
        while (last != wanted) {
            val next = published.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS)
            checkNotNull(next) { "$name shows $last, and not $wanted" }
            if (Path.of(java.net.URI(next.uri)) == folder.resolve(name)) last = next.diagnostics.map { it.code.left }
        }
    }

    @Test
    fun `the server says who it is`() {
        assertEquals("dataflare-lsp", started.serverInfo.name)
    }

    @Test
    fun `a mistake appears and vanishes with the edit`() {
        shown("api.wit", listOf("unresolved-name"))
        val change = TextDocumentContentChangeEvent(API.replace("recrod", "record"))
        val document = VersionedTextDocumentIdentifier(uri("api.wit"), 2)
        server.textDocumentService.didChange(DidChangeTextDocumentParams(document, listOf(change)))
        shown("api.wit", listOf())
    }

    @Test
    fun `types are completed, explained and found`() {
        val place = Position(1, 17)
        val documents = server.textDocumentService
        val hover = documents.hover(HoverParams(document("api.wit"), place)).get(PATIENCE, TimeUnit.SECONDS)
        assertTrue(hover.contents.right.value.contains("One record."))
        val found = documents.definition(DefinitionParams(document("api.wit"), place)).get(PATIENCE, TimeUnit.SECONDS)
        assertEquals(Position(4, 11), found.left.single().range.start)
        val offered = documents.completion(CompletionParams(document("api.wit"), Position(3, 32))).get(PATIENCE, TimeUnit.SECONDS)
        val items = if (offered.isLeft) offered.left else offered.right.items
        assertTrue(items.any { it.label == "data-record" })
    }

    @Test
    fun `a file is laid out`() {
        val options = DocumentFormattingParams(document("api.wit"), FormattingOptions(4, true))
        val edits = server.textDocumentService.formatting(options).get(PATIENCE, TimeUnit.SECONDS)
        assertEquals(emptyList<Any>(), edits.orEmpty())
    }
}
