"""Who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """One row is one person who may sign in."""
