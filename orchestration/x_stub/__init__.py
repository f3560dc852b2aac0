"""A local server that answers as X API v2 does, for trials without an account: `pulse x-stub`. Only tests and the command line use it."""
