"""What an editor asks of a manifest: functions of a plugin, and a place in its manifest's text.

Invariant: as for all features, takes a snapshot's plugin and gives back plain values.
"""
