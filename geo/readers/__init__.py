"""One small module per source format; each returns the same incident frame."""
