"""What crossed a plugin's border, written down as it happens, and run again exactly.

Invariant: a replay asks no host. What the plugin is answered comes from the trace, and everything that it does is held
against the trace.
"""
