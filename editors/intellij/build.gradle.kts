// Builds the plugin against the real platform: `./gradlew buildPlugin`, `./gradlew runIde`. See README.md.

plugins {
    id("org.jetbrains.kotlin.jvm") version "2.2.21"
    id("org.jetbrains.intellij.platform") version "2.10.4"
}

group = "dev.dataflare"

repositories {
    mavenCentral()
    intellijPlatform {
        defaultRepositories()
    }
}

dependencies {
    intellijPlatform {
        intellijIdeaUltimate("2025.2")
        bundledPlugin("org.jetbrains.plugins.textmate")
        plugin("com.redhat.devtools.lsp4ij", "0.18.0")
    }
}

kotlin {
    jvmToolchain(21)
}

intellijPlatform {
    pluginConfiguration {
        ideaVersion {
            sinceBuild = "252"
            untilBuild = provider { null }
        }
    }
    pluginVerification {
        ides {
            recommended()
        }
    }
}

tasks {
    // The grammars of the VS Code extension are a TextMate bundle as they are.
    prepareSandbox {
        from("../vscode") {
            include("package.json", "languages/**")
            into("dataflare/textmate")
        }
    }
}
