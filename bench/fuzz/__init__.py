"""Fuzzing: what comes from outside is broken at random. No error may leave that is not documented, and no good row may be lost beside a bad one."""
