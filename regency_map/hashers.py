"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's least memory, 19 MiB a try.

    Django's own 100 MiB would let eight sign-ins at once take more memory than
    all web workers together.
    """

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
