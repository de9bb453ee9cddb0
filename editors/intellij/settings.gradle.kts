rootProject.name = "dataflare"
