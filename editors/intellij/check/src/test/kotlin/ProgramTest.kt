import dev.dataflare.intellij.MINIMUM_VERSION
import dev.dataflare.intellij.findProgram
import dev.dataflare.intellij.isProgram
import dev.dataflare.intellij.isServed
import dev.dataflare.intellij.languageId
import dev.dataflare.intellij.versionOf
import dev.dataflare.intellij.versionWarning
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** How the program is found, and what is said of its version. */
class ProgramTest {
    @TempDir
    lateinit var folder: Path

    private fun program(place: String, name: String = "dataflare-lsp"): Path {
        val path = folder.resolve(place).resolve(name)
        Files.createDirectories(path.parent)
        Files.createFile(path)
        check(path.toFile().setExecutable(true))
        return path
    }

    private fun found(chosen: String? = null, path: String = "") = findProgram(chosen, folder, path, windows = false)

    @Test
    fun `the chosen program comes first, then that of the project, then that on PATH`() {
        assertNull(found())
        val onPath = program("tools")
        val path = folder.resolve("tools").toString()
        assertEquals(onPath, found(path = path))
        val ofProject = program(".venv/bin")
        assertEquals(ofProject, found(path = path))
        assertEquals(Path.of("/chosen"), found("/chosen", path))
        assertEquals(ofProject, found(" ", path))
    }

    @Test
    fun `programs have other names and places on Windows`() {
        val program = program(".venv/Scripts", "dataflare-lsp.exe")
        assertEquals(program, findProgram(null, folder, "", windows = true))
    }

    @Test
    fun `the real program says its version`() {
        val program = findProgram(null, null)
        assertNotNull(program, "dataflare-lsp has to be on PATH")
        assertNull(versionWarning(versionOf(program!!)))
    }

    @Test
    fun `a server that is too old is told`() {
        assertNull(versionWarning(MINIMUM_VERSION))
        assertNull(versionWarning("10.0.0-rc.1"))
        assertEquals(
            "dataflare-lsp 0.0.9 is older than $MINIMUM_VERSION, which this plugin needs. Update it.",
            versionWarning("0.0.9"),
        )
        assertNotNull(versionWarning(null))
    }

    @Test
    fun `another program has no version`() {
        assertNull(versionOf(Path.of(System.getProperty("java.home"), "bin", "java")))
    }

    @Test
    fun `WIT and manifests are served, and other TOML is not`() {
        assertEquals(listOf(true, true, false), listOf("a.wit", "dataflare.toml", "Cargo.toml").map(::isServed))
        assertEquals(listOf("wit", "toml"), listOf("a.wit", "dataflare.toml").map(::languageId))
        val debugged = listOf("/p/dataflare.toml", "/p/build/plugin.wasm", "/p/wit/a.wit", "")
        assertEquals(listOf(true, true, false, false), debugged.map(::isProgram))
    }
}
