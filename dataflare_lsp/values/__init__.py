"""Values of the component model, their types, and how people write them: WAVE and JSON.

Invariant: everything here is directed by a type. A value by itself does not say what it is (a tuple is a record, a list
or a case), so whoever has a value has its type, too. Knows nothing of WIT's syntax, of WebAssembly or of the disk.
"""
