"""Which records may be one event, and why."""

THRESHOLD = 0.65
"""Least confidence of a proposal; ``bench/link.py`` prints what other values find."""
