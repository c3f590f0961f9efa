"""Where the GDAL, GEOS and PROJ of the Python wheels lie.

GeoDjango would look for the system's libraries; Debian 12 has GDAL 3.6, whose
spatial references can be made to read files and call the network (Django's
check gis.W001). pyogrio and Shapely bring newer ones. They are found here as
files, without importing the packages: importing costs 85 MB a web worker.
"""

import importlib.util
import os
from pathlib import Path


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            f"The Python package {name} is not installed. Run script/bootstrap, "
            "which installs everything that requirements.txt names."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _library(package: str, pattern: str) -> str:
    folder = _package_folder(package)
    found = sorted(folder.parent.glob(f"{package}.libs/{pattern}"))
    if not found:
        raise SystemExit(
            f"{package} is installed without its own {pattern} (expected in "
            f"{folder.parent}/{package}.libs). Install it as a wheel: run script/bootstrap."
        )
    return str(found[0])


def gdal_library() -> str:
    """Path of pyogrio's libgdal; also points PROJ and GDAL at its data."""
    folder = _package_folder("pyogrio")
    os.environ["PROJ_DATA"] = str(folder / "proj_data")
    os.environ["GDAL_DATA"] = str(folder / "gdal_data")
    os.environ.setdefault("PROJ_NETWORK", "OFF")
    return _library("pyogrio", "libgdal*")


def geos_library() -> str:
    """Path of Shapely's libgeos_c."""
    return _library("shapely", "libgeos_c*")
