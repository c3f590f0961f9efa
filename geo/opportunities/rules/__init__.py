"""What must hold of opportunities that are brought in."""
