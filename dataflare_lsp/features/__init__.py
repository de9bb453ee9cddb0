"""What an editor asks for: one module per feature, each a function of a snapshot and a place in a file.

Invariant: pure functions that return plain frozen values. Offsets are code points of the file's text; the protocol, its
column encodings and its types belong to `server`. A feature answers in any text, however broken, and never raises.
"""
