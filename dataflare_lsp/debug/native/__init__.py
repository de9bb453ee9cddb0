"""A plugin that is written in Python, run as Python: line by line, with the host that the component would have.

Invariant: nothing here protects anybody from the plugin. It is the user's own code, run as the user's other code is,
and only where a launch configuration says so.
"""
