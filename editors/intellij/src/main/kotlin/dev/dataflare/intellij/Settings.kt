/** The one setting: which program is the server. */
package dev.dataflare.intellij

import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.components.PersistentStateComponent
import com.intellij.openapi.components.State
import com.intellij.openapi.components.Storage
import com.intellij.openapi.options.Configurable
import java.awt.BorderLayout
import javax.swing.JComponent
import javax.swing.JLabel
import javax.swing.JPanel
import javax.swing.JTextField

@State(name = "DataFlare", storages = [Storage("dataflare.xml")])
class DataflareSettings : PersistentStateComponent<DataflareSettings.Values> {
    class Values {
        /** A path; empty where the program is to be looked for. */
        @JvmField
        var program: String = ""
    }

    private var values = Values()

    var program: String
        get() = values.program
        set(value) {
            values.program = value
        }

    override fun getState(): Values = values

    override fun loadState(state: Values) {
        values = state
    }

    companion object {
        fun get(): DataflareSettings = ApplicationManager.getApplication().getService(DataflareSettings::class.java)
    }
}

class DataflareConfigurable : Configurable {
    private val field = JTextField(40)

    override fun getDisplayName(): String = "DataFlare"

    override fun createComponent(): JComponent {
        val label = JLabel("Path of dataflare-lsp (empty: looked for in .venv and on PATH):")
        label.labelFor = field
        val line = JPanel(BorderLayout(8, 8))
        line.add(label, BorderLayout.NORTH)
        line.add(field, BorderLayout.CENTER)
        return JPanel(BorderLayout()).apply { add(line, BorderLayout.NORTH) }
    }

    override fun isModified(): Boolean = field.text.trim() != DataflareSettings.get().program

    override fun apply() {
        DataflareSettings.get().program = field.text.trim()
    }

    override fun reset() {
        field.text = DataflareSettings.get().program
    }
}
