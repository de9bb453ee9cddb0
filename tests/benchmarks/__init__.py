"""Benchmarks: what a user waits for, beside a named peer, measured in the same run."""
