import dev.dataflare.intellij.findProgram
import org.eclipse.lsp4j.debug.ConfigurationDoneArguments
import org.eclipse.lsp4j.debug.ContinueArguments
import org.eclipse.lsp4j.debug.DisconnectArguments
import org.eclipse.lsp4j.debug.ExitedEventArguments
import org.eclipse.lsp4j.debug.FunctionBreakpoint
import org.eclipse.lsp4j.debug.InitializeRequestArguments
import org.eclipse.lsp4j.debug.ScopesArguments
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsArguments
import org.eclipse.lsp4j.debug.StackTraceArguments
import org.eclipse.lsp4j.debug.StepBackArguments
import org.eclipse.lsp4j.debug.StoppedEventArguments
import org.eclipse.lsp4j.debug.VariablesArguments
import org.eclipse.lsp4j.debug.launch.DSPLauncher
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer
import org.eclipse.lsp4j.jsonrpc.services.JsonNotification
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

private const val PATIENCE = 60L

/** The real adapter, found as the plugin finds it, on a real plugin, and LSP4J's debug client, which is the one of LSP4IJ. */
class DebuggerTest {
    @TempDir
    lateinit var folder: Path

    private lateinit var process: Process
    private lateinit var adapter: IDebugProtocolServer
    private val initialized = CompletableFuture<Unit>()
    private val events = LinkedBlockingQueue<Any>()
    private val measured = CopyOnWriteArrayList<Map<String, Any>>()

    private inner class Client : IDebugProtocolClient {
        override fun initialized() {
            initialized.complete(Unit)
        }

        override fun stopped(given: StoppedEventArguments) = events.put(given)

        override fun exited(given: ExitedEventArguments) = events.put(given)

        /** The adapter's own event; no client is asked to know it. */
        @JsonNotification("dataflare/metrics")
        fun metrics(given: Map<String, Any>) {
            measured += given
        }
    }

    private fun <T> CompletableFuture<T>.answer(): T = get(PATIENCE, TimeUnit.SECONDS)

    private inline fun <reified T> next(): T {
        val event = checkNotNull(events.poll(PATIENCE, TimeUnit.SECONDS)) { "waited in vain for ${T::class.simpleName}" }
        check(event is T) { "expected ${T::class.simpleName}, and came $event" }
        return event
    }

    @BeforeEach
    fun start() {
        val example = Path.of("../../../docs/examples/pass-through")
        Files.walk(example).use { files ->
            files.filter(Files::isRegularFile).forEach { file ->
                val target = folder.resolve(example.relativize(file).toString())
                Files.createDirectories(target.parent)
                Files.copy(file, target)
            }
        }
        Files.createDirectories(folder.resolve("build"))
        val record = { id: String -> """{"id":"$id","timestamp":1,"payload":[],"metadata":[]}""" }
        Files.writeString(folder.resolve("records.ndjson"), record("a") + "\n" + record("b") + "\n")
        val program = checkNotNull(findProgram(null, folder)) { "dataflare-lsp has to be on PATH" }
        process = ProcessBuilder(program.toString(), "dap").redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val launcher = DSPLauncher.createClientLauncher(Client(), process.inputStream, process.outputStream)
        launcher.startListening()
        adapter = launcher.remoteProxy
    }

    @AfterEach
    fun stop() {
        try {
            adapter.disconnect(DisconnectArguments()).answer()
            assertTrue(process.waitFor(PATIENCE, TimeUnit.SECONDS), "the adapter does not end")
        } finally {
            process.destroyForcibly()
        }
    }

    /** What is in a scope of the frame on top, by name. */
    private fun scope(thread: Int, name: String): Map<String, String> {
        val frame = adapter.stackTrace(StackTraceArguments().apply { threadId = thread }).answer().stackFrames.first()
        val scopes = adapter.scopes(ScopesArguments().apply { frameId = frame.id }).answer().scopes
        val wanted = scopes.single { it.name == name }.variablesReference
        val found = adapter.variables(VariablesArguments().apply { variablesReference = wanted }).answer().variables
        return found.associate { it.name to it.value }
    }

    @Test
    fun `a plugin stops where it calls its host, goes back, and on to its end`() {
        val offered = adapter.initialize(InitializeRequestArguments().apply { adapterID = "dataflare" }).answer()
        assertTrue(offered.supportsFunctionBreakpoints)
        assertTrue(offered.supportsStepBack)
        val launched = adapter.launch(
            mapOf("type" to "dataflare", "request" to "launch", "program" to "$folder", "input" to "records.ndjson", "build" to true),
        )
        initialized.answer()
        val wanted = FunctionBreakpoint().apply { name = "metrics.increment-counter" }
        adapter.setFunctionBreakpoints(SetFunctionBreakpointsArguments().apply { breakpoints = arrayOf(wanted) }).answer()
        adapter.configurationDone(ConfigurationDoneArguments()).answer()
        launched.answer()

        val first = next<StoppedEventArguments>()
        assertEquals("function breakpoint", first.reason)
        val frames = adapter.stackTrace(StackTraceArguments().apply { threadId = first.threadId }).answer().stackFrames
        assertTrue(frames.first().name.startsWith("metrics.increment-counter"), frames.first().name)
        assertEquals("1", scope(first.threadId, "Arguments")["value"])
        assertTrue(scope(first.threadId, "Record").getValue("record").contains("id: \"a\""))

        adapter.continue_(ContinueArguments().apply { threadId = first.threadId }).answer()
        next<StoppedEventArguments>()
        assertTrue(scope(first.threadId, "Record").getValue("record").contains("id: \"b\""))
        adapter.stepBack(StepBackArguments().apply { threadId = first.threadId }).answer()
        next<StoppedEventArguments>()

        adapter.setFunctionBreakpoints(SetFunctionBreakpointsArguments().apply { breakpoints = arrayOf() }).answer()
        adapter.continue_(ContinueArguments().apply { threadId = first.threadId }).answer()
        assertEquals(0, next<ExitedEventArguments>().exitCode)
        assertTrue(measured.isNotEmpty(), "no metrics came")
    }
}
