"""The door through which gunicorn enters.

What a web worker can do without stays outside: 25 MB of 145 in each of them
(bench/web_worker_memory.py). Commands and jobs do not come through this door.
"""

import ctypes
import gc
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings
from django.core.wsgi import get_wsgi_application

# <malloc.h> of glibc. Other C libraries lack these functions, and are left as they are.
C_LIBRARY = ctypes.CDLL(None)
M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8


def share_free_memory() -> None:
    """One pool of memory for all threads, given back as soon as 64 kB of it are free.

    Left to itself, each thread keeps as much as the largest page took that it ever made.
    """
    if hasattr(C_LIBRARY, "mallopt"):
        C_LIBRARY.mallopt(M_ARENA_MAX, 1)
        C_LIBRARY.mallopt(M_TRIM_THRESHOLD, 64 * 1024)


def leave_out() -> None:
    """Bar the way to what libraries take along and no page of ours asks for."""
    # GeoDjango imports NumPy where it is installed, for arrays of coordinates.
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    # django-ninja wants one signal from here; a package with an empty door still has its
    # rooms, but not unittest, a browser driver and a web server behind it.
    package = ModuleType("django.test")
    package.__path__ = list(find_spec("django.test").submodule_search_locations)
    sys.modules.setdefault("django.test", package)


def load_pages() -> None:
    """Import all pages now, so that the first visitor does not wait for it, and sweep up."""
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    if hasattr(C_LIBRARY, "malloc_trim"):
        C_LIBRARY.malloc_trim(0)


share_free_memory()
leave_out()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regency_map.settings")
application = get_wsgi_application()
load_pages()
