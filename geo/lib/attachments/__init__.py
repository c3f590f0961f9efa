"""Photos and documents that people hand in: looked at, and made harmless, in a locked child."""
