"""The debug adapter: requests in, what the debuggee does in between, answers and events out.

Invariant: runs no plugin and evaluates nothing that a client writes as code. The plugin is in a process of its own,
behind `debuggee`; expressions are CEL and WAVE, which can do nothing but give a value. A handler converts; what takes
thought is in `breakpoints`, `conditions`, `variables` and `launch`, which are pure.
"""
