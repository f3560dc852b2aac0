"""Benchmarks: each file prints what it measured; none is part of the test suite."""
