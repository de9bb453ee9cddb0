"""Plugins for `dataflare:core` in the languages that people write them in, built by those languages' own tools."""
