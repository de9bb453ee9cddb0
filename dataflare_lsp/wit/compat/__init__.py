"""Compatibility: what changed between two versions of a package, and whom it breaks.

Everything here is a pure function of two resolved packages. It knows nothing of files, git or the terminal.
"""
