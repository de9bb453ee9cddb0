"""Calls between Python and a component that cost little: a plan for each type, made once.

The engine's Python interface looks up every type again on each call, and makes an object of C for each value. Here a
value is laid out in memory by a plan for its type, and read back in one piece. Nothing but this package touches the
memory of C.
"""
