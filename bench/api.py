"""Areas and figures over HTTP, against the bare PostGIS query and against tipg.

    DATABASE_URL=postgis://… .venv/bin/python bench/api.py

The database needs loaded boundaries; with figures in it, /values is measured
too. Every reference runs in the same run, on the same tables and the same
machine. tipg is installed into var/bench-venv the first time (needs a package
index); --without-tipg leaves it out. Ends with 1 when a budget is missed.
"""

import argparse
import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
TIPG = ["tipg==1.6.1", "uvicorn==0.54.0"]
REGENCY = os.environ.get("REGENCY_CODE", "16.07")
AREAS = f"/api/v1/areas.geojson?level=village&parent={REGENCY}"
COLUMNS = "code,name,kind,level,bps_code,boundary_status,area_km2"
ITEMS = "/collections/public.geo_area/items?" + urlencode(
    {"level": "village", "limit": 10_000, "f": "geojson", "geom-column": "boundary"}
    | {"properties": COLUMNS},
    safe=",",
)
BARE_AREAS = """
    SELECT code, name, kind, level, bps_code, boundary_status, area_km2, ST_AsGeoJSON(boundary, 5)
    FROM geo_area WHERE level = 'village' AND valid_to IS NULL ORDER BY code"""
BARE_VALUES = """
    SELECT a.code, o.value, o.status FROM geo_area a
    LEFT JOIN geo_observation o ON o.area_id = a.id AND o.superseded_at IS NULL
      AND o.period = %(period)s
      AND o.indicator_id = (SELECT id FROM geo_indicator WHERE code = %(indicator)s)
    WHERE a.level = 'village' AND a.valid_to IS NULL ORDER BY a.code"""


@dataclass
class Line:
    """One line of the result: what was measured, against what, and what is allowed."""

    what: str
    reference: float
    ours: float
    unit: str
    budget: str

    @property
    def ratio(self) -> float:
        return self.ours / self.reference

    @property
    def is_met(self) -> bool:
        if not self.budget:
            return True
        sign, limit, *of = self.budget.split()
        found = self.ratio if not of else self.ours
        return found <= float(limit) if sign == "<=" else found >= float(limit)


def main() -> int:
    arguments = read_arguments()
    with psycopg2.connect(libpq_address()) as connection:
        n_villages, n_drawn = count_villages(connection)
        if not n_drawn:
            sys.exit("No village has a boundary: run script/manage load_boundaries first.")
        print(f"{n_villages} villages, {n_drawn} with a boundary; median of {arguments.n} requests")
        lines = measure(connection, arguments)
    show(lines)
    return 0 if all(line.is_met for line in lines) else 1


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=200, help="requests of each thread")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--without-tipg", action="store_true")
    parser.add_argument("--wsgi", default="regency_map.wsgi", help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(connection, arguments) -> list[Line]:
    lines = []
    with served(ours_command(arguments.wsgi), ready="/api/v1/openapi.json") as port:
        bare_ms = time_query(connection, BARE_AREAS, {}, arguments.n)
        ours_ms, size = time_requests(port, AREAS, arguments.n)
        print(f"GeoJSON: {size / 1000:.0f} kB")
        fresh_ms, _ = time_requests(port, AREAS, arguments.n, fresh=True)
        lines.append(Line("GeoJSON of villages / bare query", bare_ms, ours_ms, "ms", "<= 2"))
        lines.append(Line("  the first time after a change", bare_ms, fresh_ms, "ms", ""))
        lines += measure_values(connection, port, arguments.n)
        per_second = throughput(port, AREAS, arguments, fresh=True)
    if not arguments.without_tipg:
        with served(tipg_command(), ready=ITEMS, environment=tipg_environment()) as port:
            require_same_areas(port, connection)
            tipg_ms, size = time_requests(port, ITEMS, arguments.n)
            tipg_per_second = throughput(port, ITEMS, arguments)
        print(f"tipg: {size / 1000:.0f} kB, median {tipg_ms:.1f} ms")
        name = f"GeoJSON never asked before / tipg, {arguments.threads} threads"
        lines.append(Line(name, tipg_per_second, per_second, "req/s", ">= 3"))
    return lines


def measure_values(connection, port: int, n: int) -> list[Line]:
    question = busiest_question(connection)
    if question is None:
        print("No figures are loaded: /values is left out.")
        return []
    address = "/api/v1/values?" + urlencode(question | {"level": "village", "parent": REGENCY})
    bare_ms = time_query(connection, BARE_VALUES, question, n)
    ours_ms, size = time_requests(port, address, n)
    fresh_ms, _ = time_requests(port, address, n, fresh=True)
    unchanged_ms, _ = time_requests(port, address, n, seen=etag_of(port, address))
    print(f"values of {question['indicator']} {question['period']}: {size / 1000:.1f} kB")
    return [
        Line("values of villages / bare query", bare_ms, ours_ms, "ms", "<= 5 ms"),
        Line("  the first time after a change", bare_ms, fresh_ms, "ms", ""),
        Line("  unchanged, 304", bare_ms, unchanged_ms, "ms", "<= 5 ms"),
    ]


def show(lines: list[Line]) -> None:
    print(f"{'':47}{'reference':>12}{'ours':>12}{'ratio':>8}  budget")
    for line in lines:
        verdict = ("pass" if line.is_met else "FAIL") if line.budget else ""
        print(
            f"{line.what:47}{line.reference:>8.2f} {line.unit:5}{line.ours:>6.2f} {line.unit:5}"
            f"{line.ratio:>7.2f}  {line.budget:8} {verdict}"
        )


# --- what is asked of the database ------------------------------------------


def libpq_address() -> str:
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        sys.exit("Set DATABASE_URL to a loaded database, such as postgis://user@host/name.")
    return address.replace("postgis://", "postgresql://", 1)


def count_villages(connection) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(boundary) FROM geo_area"
            " WHERE level = 'village' AND valid_to IS NULL"
        )
        return cursor.fetchone()


def busiest_question(connection) -> dict[str, str] | None:
    """The observed indicator and period with the most figures of villages."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.code, o.period FROM geo_observation o"
            " JOIN geo_indicator i ON i.id = o.indicator_id WHERE i.level = 'village'"
            " GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT 1"
        )
        found = cursor.fetchone()
    return {"indicator": found[0], "period": found[1]} if found else None


def time_query(connection, sql: str, facts: dict, n: int) -> float:
    """Median milliseconds to run the query and hold all its rows."""
    times_ms = []
    with connection.cursor() as cursor:
        for _ in range(n):
            began = time.perf_counter()
            cursor.execute(sql, facts)
            cursor.fetchall()
            times_ms.append(1000 * (time.perf_counter() - began))
    return statistics.median(times_ms)


# --- what is asked over HTTP ------------------------------------------------


def get(connection: http.client.HTTPConnection, address: str, seen: str = "") -> bytes:
    connection.request("GET", address, headers={"If-None-Match": seen} if seen else {})
    answer = connection.getresponse()
    body = answer.read()
    expected = 304 if seen else 200
    if answer.status != expected:
        sys.exit(f"{address}: status {answer.status} instead of {expected}: {body[:300]!r}")
    return body


def etag_of(port: int, address: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    return answer.headers["ETag"]


def time_requests(
    port: int, address: str, n: int, seen: str = "", fresh: bool = False
) -> tuple[float, int]:
    """Median milliseconds of one request after another, and the bytes of an answer.

    With ``fresh``, every address is new to the server, so that no kept answer helps.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    size = len(get(connection, address, seen))
    times_ms = []
    for i in range(n):
        asked = f"{address}&{secrets.token_hex(4)}={i}" if fresh else address
        began = time.perf_counter()
        get(connection, asked, seen)
        times_ms.append(1000 * (time.perf_counter() - began))
    return statistics.median(times_ms), size


def throughput(port: int, address: str, arguments, fresh: bool = False) -> float:
    """Requests a second with several threads that each ask ``n`` times."""

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for i in range(arguments.n):
            get(connection, f"{address}&{secrets.token_hex(4)}={i}" if fresh else address)

    threads = [threading.Thread(target=ask) for _ in range(arguments.threads)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return arguments.n * arguments.threads / (time.perf_counter() - began)


def require_same_areas(port: int, connection) -> None:
    """A comparison is fair only where both give the same areas."""
    body = get(http.client.HTTPConnection("127.0.0.1", port, timeout=60), ITEMS)
    codes = {feature["properties"]["code"] for feature in json.loads(body)["features"]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM geo_area WHERE level = 'village'")
        known = {code for (code,) in cursor.fetchall()}
    if codes != known:
        sys.exit(f"tipg gives {len(codes)} villages, the table holds {len(known)}.")


# --- the servers ------------------------------------------------------------


def ours_command(wsgi: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        wsgi,
        "--workers=1",
        "--threads=4",
        "--log-level=warning",
        "--bind",
    ]


def tipg_command() -> list[str]:
    home = ROOT / "var" / "bench-venv"
    python = home / "bin" / "python"
    if not (home / "bin" / "uvicorn").exists():
        print("Installing tipg into var/bench-venv …")
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *TIPG], check=True)
    return [str(python), "-m", "uvicorn", "tipg.main:app", "--log-level=warning", "--port"]


def tipg_environment() -> dict[str, str]:
    """tipg reads a host from the address only; a socket's folder goes percent-encoded."""
    address = urlsplit(libpq_address())
    host = parse_qs(address.query).get("host", [unquote(address.hostname or "localhost")])[0]
    user = quote(address.username or "postgres")
    password = f":{address.password}" if address.password else ""
    port = f":{address.port}" if address.port else ""
    return {
        "DATABASE_URL": f"postgresql://{user}{password}@{quote(host, safe='')}{port}{address.path}",
        "TIPG_DB_TABLES": '["public.geo_area"]',
        "TIPG_CATALOG_TTL": "3600",
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def served(command: list[str], *, ready: str, environment: dict | None = None):
    """Run a server on a loopback port until the block ends; yields the port."""
    port = free_port()
    place = f"127.0.0.1:{port}" if command[-1] == "--bind" else str(port)
    surroundings = {"SECRET_KEY": secrets.token_hex(), **os.environ, **(environment or {})}
    server = subprocess.Popen([*command, place], cwd=ROOT, env=surroundings, start_new_session=True)
    try:
        wait_until_ready(server, port, ready)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def wait_until_ready(server: subprocess.Popen, port: int, address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            sys.exit(f"The server ended with {server.returncode} before it answered.")
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", address)
            connection.getresponse().read()
            return
        time.sleep(0.2)
    sys.exit("The server did not answer within 60 seconds.")


if __name__ == "__main__":
    sys.exit(main())
