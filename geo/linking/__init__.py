"""Which records may be one event, and why."""
