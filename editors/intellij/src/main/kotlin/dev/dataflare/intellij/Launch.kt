/** The command line of the server or the debugger, for a project of the IDE. */
package dev.dataflare.intellij

import com.intellij.execution.ExecutionException
import com.intellij.execution.configurations.GeneralCommandLine
import com.intellij.notification.NotificationGroupManager
import com.intellij.notification.NotificationType
import com.intellij.openapi.project.Project
import java.nio.charset.StandardCharsets
import java.nio.file.Path

/** `dataflare-lsp` with [arguments]. An [ExecutionException] says what to do where it is not to be found. */
fun commandLine(project: Project, vararg arguments: String): GeneralCommandLine {
    val root = project.basePath
    val program = findProgram(DataflareSettings.get().program, root?.let(Path::of)) ?: throw ExecutionException(INSTALL_HINT)
    versionWarning(versionOf(program))?.let { warning ->
        NotificationGroupManager.getInstance()
            .getNotificationGroup("DataFlare")
            .createNotification(warning, NotificationType.WARNING)
            .notify(project)
    }
    return GeneralCommandLine(listOf(program.toString()) + arguments)
        .withWorkDirectory(root)
        .withCharset(StandardCharsets.UTF_8)
}
