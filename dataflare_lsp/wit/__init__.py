"""The WIT language: text to syntax, syntax to resolved packages and diagnostics, formatting, printing.

Invariant: knows nothing of LSP, of the terminal, of the disk or of time. It takes text and returns values; the same
text always gives the same values, whether it was typed, edited or read.
"""
