"""The output formats of `check`: each module has `render`, a pure function from `Results` to a text.

Invariant: nothing here prints, reads files or knows of options; only the format asked for is imported.
"""
