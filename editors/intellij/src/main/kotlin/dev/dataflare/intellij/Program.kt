/** Finds `dataflare-lsp` and says how it is started. Knows nothing of the IDE. */
package dev.dataflare.intellij

import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** The oldest server that this plugin works with. */
const val MINIMUM_VERSION = "0.1.0"

/** What to do where there is no server. */
const val INSTALL_HINT =
    "dataflare-lsp was not found. Install it with `pipx install .` in a clone of its repository, " +
        "or name it in Settings | Tools | DataFlare."

private val WINDOWS = System.getProperty("os.name").startsWith("Windows")

/**
 * The program for a project in the folder [root]: the [chosen] one, else that of the project's virtual environment, else
 * that on [path]; null where there is none.
 */
fun findProgram(
    chosen: String?,
    root: Path?,
    path: String = System.getenv("PATH").orEmpty(),
    windows: Boolean = WINDOWS,
): Path? {
    if (!chosen.isNullOrBlank()) return Path.of(chosen)
    val name = if (windows) "dataflare-lsp.exe" else "dataflare-lsp"
    val environment = root?.resolve(".venv")?.resolve(if (windows) "Scripts" else "bin")
    val folders = listOfNotNull(environment) + path.split(File.pathSeparatorChar).filter(String::isNotBlank).map(Path::of)
    return folders.map { it.resolve(name) }.firstOrNull { Files.isExecutable(it) }
}

/** The version that a [program] says it has; null where it says none within ten seconds. */
fun versionOf(program: Path): String? {
    val process = ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start()
    process.outputStream.close()
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly()
        return null
    }
    val said = process.inputStream.bufferedReader().readText().trim()
    return Regex("""^dataflare-lsp (\d+\.\d+\.\d+\S*)$""").find(said)?.groupValues?.get(1)
}

/** What to tell the user of a server of this [version]; null where all is well. */
fun versionWarning(version: String?): String? {
    if (version == null) return "The program does not say that it is dataflare-lsp, and of which version."
    val numbers = { text: String -> text.split(".", "-", "+").take(3).map(String::toInt) }
    val (given, least) = numbers(version) to numbers(MINIMUM_VERSION)
    val differing = given.zip(least).firstOrNull { (one, other) -> one != other } ?: return null
    if (differing.first > differing.second) return null
    return "dataflare-lsp $version is older than $MINIMUM_VERSION, which this plugin needs. Update it."
}

/** Whether the server is for a file of this [name]. */
fun isServed(name: String): Boolean = name.endsWith(".wit") || name == "dataflare.toml"

/** What the protocol calls the language of a file of this [name]. */
fun languageId(name: String): String = if (name.endsWith(".wit")) "wit" else "toml"

/** Whether a file of this [name] is something to debug by itself: a manifest or a component. */
fun isProgram(name: String): Boolean = Path.of(name).endsWith("dataflare.toml") || name.endsWith(".wasm")
