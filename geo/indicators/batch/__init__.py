"""Heavy work on figures, for commands and the worker: breaks, demonstration data, imports."""
