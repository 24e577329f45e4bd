"""Files as people keep them, read and judged: lists of incidents, tables beside them, stories."""
