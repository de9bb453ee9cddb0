"""The fuzzer: inputs nobody would write, and what must hold for each of them.

Invariant: a *target* makes cases from a source of chance and judges each by itself, the same way every time; so a
finding is a case, and can be made smaller. See README.md.
"""
