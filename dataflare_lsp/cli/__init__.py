"""The command line: `dataflare-lsp check`, `fmt`, `wit`, `explain` and `serve`.

Invariant: the outermost layer. It reads arguments, calls the layers below and prints; what it knows of WIT is where to
ask. Each command imports only what it needs, when it runs: start-up is a feature.
"""
