"""Parley's desktop: a window onto the backend."""
