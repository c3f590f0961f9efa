"""Asking and answering, mailing, and forgetting who asked."""
