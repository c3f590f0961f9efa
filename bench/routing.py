"""Minutes from 313 villages to 20 destinations on 50,000 edges: ours, NetworkX, pgRouting.

    DATABASE_URL=postgis://… .venv/bin/python bench/routing.py [--edges 50000]

Makes a network that looks like roads (neighbours on a bent grid, chains between
crossings, some closed), gives the same edges to all three, compares their
minutes, and prints times and ratios. pgRouting runs in a database of its own
beside the one named, which is dropped again; where the extension is absent, or
no database is named, that is said and the rest goes on. Ends with 1 when a
budget is missed or the minutes differ.
"""

import argparse
import io
import os
import statistics
import sys
import time
from pathlib import Path

import networkx
import numpy as np
import psycopg2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.lib.routing import Graph, both_ways  # noqa: E402

N_VILLAGES, N_DESTINATIONS = 313, 20
SECONDS_BUDGET, NETWORKX_BUDGET, PGROUTING_BUDGET = 2.0, 10.0, 1.0
NAME = f"bench_routing_{os.getpid()}"
SAME_MINUTES = 1e-3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edges", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    tail, head, minutes = make_network(options.edges, options.seed)
    n_nodes = int(max(tail.max(), head.max())) + 1
    random = np.random.default_rng(options.seed)
    chosen = random.permutation(n_nodes)[: N_VILLAGES + N_DESTINATIONS]
    villages, destinations = chosen[:N_VILLAGES], chosen[N_VILLAGES:]
    print(f"{len(tail):,} edges, {n_nodes:,} nodes, load {os.getloadavg()[0]:.1f}")
    ours, found = median(
        lambda: with_ours(n_nodes, tail, head, minutes, villages, destinations), options.times
    )
    theirs, expected = median(lambda: with_networkx(tail, head, minutes, villages, destinations), 1)
    failed = compare("NetworkX", expected, found)
    failed |= line("ours, graph included", ours, SECONDS_BUDGET - ours, f"≤ {SECONDS_BUDGET} s")
    ratio = theirs / ours
    failed |= line(
        f"NetworkX, {ratio:.1f} × ours",
        theirs,
        ratio - NETWORKX_BUDGET,
        f"≥ {NETWORKX_BUDGET:.0f} ×",
    )
    taken, rows, why = with_pgrouting(tail, head, minutes, villages, destinations, options.times)
    if why:
        print(f"pgRouting was left out: {why}")
        return int(failed)
    failed |= compare("pgRouting", rows, found)
    ratio = taken / ours
    failed |= line(f"pgRouting, {ratio:.1f} × ours", taken, ratio - PGROUTING_BUDGET, "≥ 1 ×")
    return int(failed)


def make_network(n_edges: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Crossings on a grid, two in five streets missing, each street a chain of two edges."""
    random = np.random.default_rng(seed)
    side = int(np.sqrt(n_edges / (2 * 2 * 0.75))) + 1
    place = np.arange(side * side).reshape(side, side)
    a = np.concatenate([place[:, :-1].ravel(), place[:-1].ravel()])
    b = np.concatenate([place[:, 1:].ravel(), place[1:].ravel()])
    kept = random.random(len(a)) < 0.75
    a, b = a[kept][: n_edges // 2], b[kept][: n_edges // 2]
    between = side * side + np.arange(len(a))
    tail, head = np.concatenate([a, between]), np.concatenate([between, b])
    minutes = np.round(random.gamma(2.0, 0.8, len(tail)), 4) + 0.01
    names, numbers = np.unique(np.concatenate([tail, head]), return_inverse=True)
    del names
    return numbers[: len(tail)], numbers[len(tail) :], minutes


def median(action, times: int):
    taken, answer = [], None
    for _ in range(times):
        begun = time.perf_counter()
        answer = action()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken), answer


def with_ours(n_nodes, tail, head, minutes, villages, destinations) -> np.ndarray:
    graph = Graph(n_nodes, *both_ways(tail, head, minutes))
    return np.array([graph.minutes_to([goal])[villages] for goal in destinations])


def with_networkx(tail, head, minutes, villages, destinations) -> np.ndarray:
    graph = networkx.Graph()
    graph.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), minutes.tolist(), strict=True))
    rows = []
    for goal in destinations.tolist():
        found = networkx.multi_source_dijkstra_path_length(graph, {goal})
        rows.append([found.get(village, np.inf) for village in villages.tolist()])
    return np.array(rows)


def with_pgrouting(tail, head, minutes, villages, destinations, times):
    """Seconds, minutes and, where it was left out, why: the many-to-many cost of pgRouting."""
    address = os.environ.get("DATABASE_URL")
    if not address:
        return None, None, "DATABASE_URL is not set"
    base, _slash, name = address.replace("postgis://", "postgresql://").rpartition("/")
    try:
        run_outside(base, name, f"CREATE DATABASE {NAME}")
    except psycopg2.Error as error:
        return None, None, str(error).strip()
    try:
        connection = psycopg2.connect(f"{base}/{NAME}")
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION pgrouting CASCADE")
        except psycopg2.Error as error:
            connection.close()
            return None, None, str(error).strip().splitlines()[0]
        load(connection, tail, head, minutes)
        taken, rows = median(lambda: ask(connection, villages, destinations), times)
        connection.close()
        return taken, rows, ""
    finally:
        run_outside(base, name, f"DROP DATABASE {NAME}")


def run_outside(base: str, name: str, statement: str) -> None:
    connection = psycopg2.connect(f"{base}/{name}")
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


def load(connection, tail, head, minutes) -> None:
    text = "".join(
        f"{n}\t{a}\t{b}\t{c}\n"
        for n, (a, b, c) in enumerate(
            zip(tail.tolist(), head.tolist(), minutes.tolist(), strict=True), start=1
        )
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE edges (id bigint PRIMARY KEY, source bigint, target bigint, "
            "cost float8, reverse_cost float8)"
        )
        columns = ("id", "source", "target", "cost")
        cursor.copy_from(io.StringIO(text), "edges", columns=columns)
        cursor.execute("UPDATE edges SET reverse_cost = cost")
        cursor.execute("ANALYZE edges")


def ask(connection, villages, destinations) -> np.ndarray:
    """From the 20 destinations, as ours: pgRouting runs one search for each start."""
    rows = np.full((len(destinations), len(villages)), np.inf)
    goal_at = {int(goal): place for place, goal in enumerate(destinations)}
    village_at = {int(village): place for place, village in enumerate(villages)}
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost("
            "'SELECT id, source, target, cost, reverse_cost FROM edges', %s, %s, "
            "directed => false)",
            (destinations.tolist(), villages.tolist()),
        )
        for start, end, cost in cursor:
            rows[goal_at[start], village_at[end]] = cost
    return rows


def compare(name: str, expected: np.ndarray, found: np.ndarray) -> bool:
    same = np.array_equal(np.isinf(expected), np.isinf(found))
    known = np.isfinite(expected) & np.isfinite(found)
    worst = float(np.abs(expected[known] - found[known]).max(initial=0))
    if not same or worst > SAME_MINUTES:
        print(f"{name} finds other minutes: {worst:.6f} apart, the same reached: {same}")
        return True
    return False


def line(what: str, seconds: float, room: float, budget: str) -> bool:
    verdict = "pass" if room >= 0 else "MISSED"
    print(f"{what:32} {seconds:8.3f} s   {budget:8} {verdict}")
    return room < 0


if __name__ == "__main__":
    sys.exit(main())
