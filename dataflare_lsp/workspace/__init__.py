"""The files of a workspace: which there are, which packages they make up, what is open in an editor.

Invariant: the only layer below the edge that reads the disk. It runs nothing of what it finds, follows no link out of
a package, and gives the layers above values that stay as they are while the workspace moves on.
"""
