"""From a list of incidents to located incidents."""

__version__ = "0.1.0"
