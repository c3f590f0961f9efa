"""Loading boundaries, against writing the same polygons with GDAL and nothing else.

    DATABASE_URL=postgis://… .venv/bin/python bench/boundary_load.py [SOURCE]

SOURCE is what load_boundaries takes; without one a made-up regency of
--villages cells with as many vertices as real ones is loaded. The reference is
ogr2ogr into a table of the same database where Debian's gdal-bin is installed,
else the same by the GDAL of our wheels (SQL of its PGDUMP driver, copied in by
psql), else a GeoPackage. All start from the same GeoJSON. Works in a database
of its own, created beside the one of DATABASE_URL and dropped at the end. Ends
with 1 when the budget is missed.
"""

import argparse
import contextlib
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import dj_database_url
import numpy as np
import psycopg2
import shapely

ROOT = Path(__file__).resolve().parent.parent
BUDGET = 20  # times the reference
VILLAGES_OF_INDONESIA = 83_246


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="?", help="a source of load_boundaries")
    parser.add_argument("--regency", default=os.environ.get("REGENCY_CODE", "16.07"))
    parser.add_argument("--villages", type=int, default=900, help="at most 1900")
    parser.add_argument("-n", type=int, default=3, help="repetitions")
    return parser.parse_args()


def main() -> int:
    arguments = read_arguments()
    with tempfile.TemporaryDirectory() as folder, own_database() as database:
        start_django(database)
        if arguments.source is None:
            arguments.regency = "99.01"
            arguments.source = str(made_up_regency(Path(folder), arguments.villages))
        return measure(arguments, Path(folder), database)


@contextlib.contextmanager
def own_database():
    """The connection parameters of a new database, dropped afterwards."""
    given = dj_database_url.parse(os.environ["DATABASE_URL"])
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    server = {theirs: given[ours] for ours, theirs in keys.items() if given.get(ours)}
    name = f"bench_boundaries_{os.getpid()}"
    execute({**server, "dbname": given["NAME"]}, f"CREATE DATABASE {name}")
    try:
        yield {**server, "dbname": name}
    finally:
        from django.db import connections

        connections.close_all()
        execute({**server, "dbname": given["NAME"]}, f"DROP DATABASE {name} WITH (FORCE)")


def execute(parameters: dict, sql: str) -> None:
    connection = psycopg2.connect(**parameters)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


def start_django(database: dict) -> None:
    sys.path.insert(0, str(ROOT))
    address, slash, _ = os.environ["DATABASE_URL"].rpartition("/")
    os.environ["DATABASE_URL"] = f"{address}{slash}{database['dbname']}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regency_map.settings")
    os.environ.setdefault("SECRET_KEY", "bench")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)


def made_up_regency(folder: Path, n: int) -> Path:
    """Thiessen cells with about fifty vertices each, as villages have; 20 to a district."""
    side = int(np.ceil(np.sqrt(n)))
    random = np.random.default_rng(1607)
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    points = shapely.multipoints(grid[:n] + random.uniform(-0.3, 0.3, (n, 2)))
    frame = shapely.box(-1, -1, side, side)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    cells = shapely.segmentize(shapely.intersection(cells, frame), 0.07)
    cells = shapely.transform(cells, lambda p: 104 + p * 0.05 + (0, -107))
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"99.01.{i // 20 + 1:02}.2{i % 20 + 1:03}", "name": f"Sel {i}"},
            "geometry": json.loads(shapely.to_geojson(cell)),
        }
        for i, cell in enumerate(cells)
    ]
    path = folder / "made_up.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def measure(arguments, folder: Path, database: dict) -> int:
    from geo.areas.batch.load import load_boundaries

    def load():
        return load_boundaries(arguments.source, regency_code=arguments.regency)

    report = load()
    same = write_geojson(folder / "same.geojson", arguments.source, arguments.regency)
    name, reference = reference_for(same, folder, database)
    times: dict[str, list[float]] = {"reference": [], "load": [], "again": []}
    for _ in range(arguments.n):
        forget_everything()
        times["load"].append(seconds(load))
        times["again"].append(seconds(load))
        times["reference"].append(seconds(reference))
    middle = {what: statistics.median(values) for what, values in times.items()}
    n_drawn = report.n_by_level["village"] - sum(
        code.count(".") == 3 for code in report.without_boundary
    )
    print(
        f"{n_drawn} villages with a boundary, {report.total_km2:,.0f} km²; median of {arguments.n}"
    )
    return show(middle, name, n_drawn)


def show(middle: dict[str, float], name: str, n_drawn: int) -> int:
    print(f"{'':40}{'seconds':>10}{'ratio':>9}  budget")
    print(f"{name:40}{middle['reference']:>10.3f}{1:>9.1f}")
    ratio = middle["load"] / middle["reference"]
    verdict = "pass" if ratio <= BUDGET else "FAIL"
    print(f"{'load_boundaries, outlines and all':40}{middle['load']:>10.3f}{ratio:>9.1f}", end="")
    print(f"  ≤ {BUDGET} × {verdict}")
    again = middle["again"] / middle["reference"]
    print(f"{'load_boundaries again, nothing changed':40}{middle['again']:>10.3f}{again:>9.1f}")
    minutes = middle["load"] / n_drawn * VILLAGES_OF_INDONESIA / 60
    print(f"At this rate {VILLAGES_OF_INDONESIA:,} villages take {minutes:.0f} minutes.")
    return 0 if verdict == "pass" else 1


def write_geojson(path: Path, source: str, regency: str) -> Path:
    """The polygons of a source as the reference gets them: read, not cleaned."""
    import geopandas

    from geo.areas.batch.readers import read_edition
    from geo.areas.batch.sources import find_edition

    rows = read_edition(find_edition(source, regency)).rows
    columns = {"code": [row.code for row in rows], "name": [row.name for row in rows]}
    shapes = [row.geometry for row in rows]
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=4326).to_file(path)
    return path


def reference_for(path: Path, folder: Path, database: dict):
    """What the load is compared with: a name, and a function that does it."""
    ogr2ogr, psql = shutil.which("ogr2ogr"), shutil.which("psql")
    address = " ".join(f"{key}='{value}'" for key, value in database.items())
    if ogr2ogr:
        command = [ogr2ogr, "-q", "-f", "PostgreSQL", f"PG:{address}", str(path)]
        command += ["-nln", "reference", "-nlt", "MULTIPOLYGON", "-overwrite"]
        # The GDAL of Debian must not find the data files of the one in our wheels.
        clean = {k: v for k, v in os.environ.items() if k not in ("PROJ_DATA", "GDAL_DATA")}
        return "ogr2ogr into PostGIS", lambda: subprocess.run(command, check=True, env=clean)
    import pyogrio

    logging.getLogger("pyogrio").setLevel(logging.WARNING)
    pyogrio.set_gdal_config_options({"PG_USE_COPY": "YES"})  # as ogr2ogr does
    if not psql:

        def write_file() -> None:
            pyogrio.write_dataframe(pyogrio.read_dataframe(path), folder / "reference.gpkg")

        return "pyogrio into a GeoPackage", write_file
    dump = folder / "reference.sql"
    command = [psql, address, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(dump)]

    def write() -> None:
        dump.unlink(missing_ok=True)
        pyogrio.write_dataframe(
            pyogrio.read_dataframe(path), dump, driver="PGDUMP", layer="reference"
        )
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return "GDAL (PGDUMP) and psql into PostGIS", write


def forget_everything() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE geo_area, geo_boundarysource CASCADE")


def seconds(act) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
