"""What `run` and `replay` share: reading records, and showing what a plugin does with them.

Invariant: nothing here starts a process.
"""
