"""What `run` and `replay` share: compiling a component, and showing what it does.

Invariant: nothing here starts a process.
"""
