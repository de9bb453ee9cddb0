import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.w3c.dom.Element
import org.w3c.dom.NodeList
import javax.xml.parsers.DocumentBuilderFactory

private const val PLATFORM = "com.intellij"
private const val LSP4IJ = "com.redhat.devtools.lsp4ij"

/** What each extension must have: its class has to be of the type that the point wants, and its attributes are all known. */
private data class Point(val classAttribute: String?, val type: String?, val attributes: Set<String>)

/** The points of the platform (Plugin SDK documentation, "Extension Point List") and of LSP4IJ (its developer guides). */
private val POINTS = mapOf(
    "$PLATFORM.applicationService" to Point("serviceImplementation", "com.intellij.openapi.components.PersistentStateComponent", setOf()),
    "$PLATFORM.applicationConfigurable" to
        Point("instance", "com.intellij.openapi.options.Configurable", setOf("parentId", "id", "displayName")),
    "$PLATFORM.notificationGroup" to Point(null, null, setOf("id", "displayType")),
    "$PLATFORM.textmate.bundleProvider" to Point("implementation", "org.jetbrains.plugins.textmate.api.TextMateBundleProvider", setOf()),
    "$PLATFORM.platform.lsp.serverSupportProvider" to
        Point("implementation", "com.intellij.platform.lsp.api.LspServerSupportProvider", setOf()),
    "$LSP4IJ.server" to Point("factoryClass", "com.redhat.devtools.lsp4ij.LanguageServerFactory", setOf("id", "name")),
    "$LSP4IJ.fileNamePatternMapping" to Point(null, null, setOf("patterns", "serverId", "languageId")),
    "$LSP4IJ.debugAdapterServer" to
        Point("factoryClass", "com.redhat.devtools.lsp4ij.dap.descriptors.DebugAdapterDescriptorFactory", setOf("id", "name")),
)

/** The descriptors have the structure that the Plugin SDK documents under "Plugin Configuration File". */
class DescriptorsTest {
    private fun root(name: String): Element {
        val stream = checkNotNull(javaClass.getResourceAsStream("/META-INF/$name")) { "there is no $name" }
        return stream.use { DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(it).documentElement }
    }

    private fun NodeList.elements() = (0 until length).map(::item).filterIsInstance<Element>()

    private fun Element.text(name: String) = getElementsByTagName(name).elements().single().textContent.trim()

    private fun Element.attributeNames() = (0 until attributes.length).map { attributes.item(it).nodeName }.toSet()

    private fun depends() = root("plugin.xml").getElementsByTagName("depends").elements()

    @Test
    fun `the descriptor has what every plugin must have`() {
        val plugin = root("plugin.xml")
        assertEquals("idea-plugin", plugin.nodeName)
        assertTrue(plugin.text("id").matches(Regex("[a-z]+(\\.[a-z]+)+")))
        assertTrue(plugin.text("name").length in 5..60)
        assertTrue(!plugin.text("name").lowercase().contains("plugin") && !plugin.text("name").contains("IntelliJ"))
        assertTrue(plugin.text("vendor").isNotEmpty())
        assertTrue(plugin.text("description").length >= 40)
        val known = setOf("id", "name", "vendor", "description", "depends", "extensions")
        assertEquals(emptySet<String>(), plugin.childNodes.elements().map { it.nodeName }.toSet() - known)
    }

    @Test
    fun `what may be missing is in a descriptor of its own`() {
        val (optional, required) = depends().partition { it.getAttribute("optional") == "true" }
        assertEquals(
            mapOf("com.intellij.modules.lsp" to "dataflare-platform.xml", LSP4IJ to "dataflare-lsp4ij.xml"),
            optional.associate { it.textContent to it.getAttribute("config-file") },
        )
        assertEquals(
            listOf("com.intellij.modules.platform", "org.jetbrains.plugins.textmate"),
            required.map { it.textContent },
        )
    }

    @Test
    fun `every extension is of a known point, and its class of the right type`() {
        var count = 0
        for (name in listOf("plugin.xml") + depends().map { it.getAttribute("config-file") }.filter(String::isNotEmpty)) {
            for (group in root(name).getElementsByTagName("extensions").elements()) {
                for (extension in group.childNodes.elements()) {
                    val id = "${group.getAttribute("defaultExtensionNs")}.${extension.nodeName}"
                    val point = checkNotNull(POINTS[id]) { "$name: there is no extension point $id" }
                    assertEquals(point.attributes + setOfNotNull(point.classAttribute), extension.attributeNames(), id)
                    if (point.classAttribute != null) {
                        val implementation = Class.forName(extension.getAttribute(point.classAttribute))
                        assertTrue(Class.forName(point.type).isAssignableFrom(implementation), id)
                        implementation.getDeclaredConstructor()
                    }
                    count += 1
                }
            }
        }
        assertEquals(9, count)
    }
}
