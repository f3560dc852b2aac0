"""The stream's consumer: one connection to X, what it brings stored at once. Reading it back is `orchestration/sources/x`."""
