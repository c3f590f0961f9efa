"""Pages of submissions: of those who bring in, and of those who review."""
