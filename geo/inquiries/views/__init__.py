"""Asking, the private thread of one question, and the desk of the offices."""
