"""Parley's backend: accounts, calls and the keys that protect them."""
