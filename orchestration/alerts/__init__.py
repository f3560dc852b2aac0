"""Alerts: which events somebody is told of, in which words, by which channel, and that each is told once.

`deciding`, `quiet` and `words` are pure; `outbox` alone knows the warehouse, `channels` alone the network. Nothing here knows Dagster.
"""
