"""Signing in, the own account, and the accounts of others."""
