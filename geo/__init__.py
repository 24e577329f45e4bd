"""From a list of incidents to located incidents."""
