"""The language server: messages in, one call of a feature, its answer in the protocol's types out.

Invariant: holds no knowledge of WIT. A handler converts positions, asks a feature and converts what it says. Everything
happens on one thread, in slices shorter than a frame; only waiting for the client's bytes has a thread of its own.
`client` and `handshake` answer `initialize` before pygls and lsprotocol are imported, which takes longer than
all else at start-up.
"""
