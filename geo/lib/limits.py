"""A child's own side of ``lib.children``: it limits itself, then reads what it is given."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any


def limit_myself() -> None:
    """Bound processor time and address space as the command line says: seconds, megabytes."""
    seconds, memory_mb = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_lines() -> Iterator[Any]:
    """What the parent gives, one value a line."""
    for line in sys.stdin.buffer:
        yield json.loads(line)
