"""Pure checks of submissions, and their sentences."""
