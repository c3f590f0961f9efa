"""Heavy work on the book of population changes, for commands: imports, checks, demonstration."""
