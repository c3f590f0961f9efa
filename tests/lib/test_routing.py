"""Nodes, edges and shortest ways, on lines that can be drawn on paper."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.lib.noding import node_lines
from geo.lib.routing import Graph, both_ways


def lines(*drawn):
    return np.array([shapely.LineString(points) for points in drawn], dtype=object)


def edges(noded):
    """Edges as (line, from, to), rounded to metres."""
    found = zip(noded.line, noded.from_m, noded.to_m, strict=True)
    return sorted((int(line), round(a), round(b)) for line, a, b in found)


# --- noding ---------------------------------------------------------------------------


def test_a_road_is_cut_where_another_ends_on_it():
    noded = node_lines(lines([(0, 0), (100, 0)], [(40, 0), (40, 50)]), tolerance_m=5)
    assert edges(noded) == [(0, 0, 40), (0, 40, 100), (1, 0, 50)]
    assert noded.n_nodes == 4
    assert len(noded.dangling) == 3
    assert set(noded.components()) == {0}


def test_roads_that_cross_meet_and_are_counted():
    noded = node_lines(lines([(0, 0), (100, 0)], [(50, -50), (50, 50)]), tolerance_m=5)
    assert edges(noded) == [(0, 0, 50), (0, 50, 100), (1, 0, 50), (1, 50, 100)]
    assert noded.n_crossings == 1
    assert noded.n_nodes == 5


def test_a_gap_within_the_tolerance_is_closed_and_reported():
    drawn = lines([(0, 0), (100, 0)], [(40, 4), (40, 50)])
    noded = node_lines(drawn, tolerance_m=5)
    assert set(noded.components()) == {0}
    ((gap),) = noded.snapped
    assert (gap.line, gap.other, gap.distance_m) == (1, 0, 4)


def test_a_gap_beyond_the_tolerance_stays_and_is_pointed_out():
    drawn = lines([(0, 0), (100, 0)], [(40, 6), (40, 50)])
    noded = node_lines(drawn, tolerance_m=5)
    assert len(set(noded.components())) == 2
    assert noded.snapped == []
    ((gap),) = noded.near_misses
    assert (gap.line, gap.other, gap.distance_m) == (1, 0, 6)
    assert node_lines(drawn, tolerance_m=0.5).near_misses == []


def test_two_ends_beside_each_other_become_one_node():
    noded = node_lines(lines([(0, 0), (100, 0)], [(103, 0), (200, 0)]), tolerance_m=5)
    assert noded.n_nodes == 3
    assert len(set(noded.components())) == 1


def test_a_road_without_length_is_left_out_and_named():
    noded = node_lines(lines([(0, 0), (100, 0)], [(40, 0), (40, 0)]), tolerance_m=5)
    assert noded.without_length == [1]
    assert edges(noded) == [(0, 0, 100)]


def test_roads_that_run_along_each_other_share_their_ends():
    noded = node_lines(lines([(0, 0), (100, 0)], [(30, 0), (130, 0)]), tolerance_m=1)
    assert edges(noded) == [(0, 0, 30), (0, 30, 100), (1, 0, 70), (1, 70, 100)]
    assert noded.n_nodes == 4


def test_no_road_at_all_is_no_network():
    noded = node_lines(lines(), tolerance_m=5, points=np.array([[0.0, 0.0]]), reach_m=100)
    assert (noded.n_nodes, len(noded.line), len(noded.links.point)) == (0, 0, 0)


def test_a_point_reaches_the_nearest_roads_up_to_its_limit():
    drawn = lines([(0, 0), (100, 0)], [(0, 60), (100, 60)])
    points = np.array([[50.0, 20.0], [50.0, 500.0]])
    noded = node_lines(drawn, tolerance_m=1, points=points, reach_m=np.array([30.0, 30.0]))
    assert noded.links.point.tolist() == [0]
    assert noded.links.distance_m.tolist() == [20]
    assert noded.node_xy[noded.links.node[0]].tolist() == [50, 0]
    assert edges(noded) == [(0, 0, 50), (0, 50, 100), (1, 0, 100)]
    far = node_lines(drawn, tolerance_m=1, points=points, reach_m=40.0)
    assert far.links.distance_m.tolist() == [20, 40]


# --- ways -----------------------------------------------------------------------------


def graph(n_nodes, *given_edges):
    tail, head, minutes = (np.array(column) for column in zip(*given_edges, strict=True))
    return Graph(n_nodes, *both_ways(tail, head, minutes.astype(float)))


def test_minutes_to_the_nearest_of_several():
    # 0 –3– 1 –4– 2 –1– 3, and 4 alone
    found = graph(5, (0, 1, 3), (1, 2, 4), (2, 3, 1)).minutes_to([0, 3])
    assert found.tolist() == [0, 3, 1, 0, np.inf]


def test_the_way_is_that_of_the_minutes():
    ways = graph(5, (0, 1, 3), (1, 2, 4), (0, 2, 9), (2, 3, 1)).ways_to([3])
    assert ways.minutes.tolist() == [8, 5, 1, 0, np.inf]
    assert ways.way(0) == [0, 1, 2, 3]
    assert ways.way(3) == [3]
    assert ways.way(4) == []


def test_the_quicker_of_two_roads_between_two_places_is_taken():
    assert graph(2, (0, 1, 9), (0, 1, 2)).minutes_to([1]).tolist() == [2, 0]


def test_a_closed_edge_is_no_edge_and_a_way_of_no_time_is_one():
    found = graph(3, (0, 1, np.inf), (1, 2, 0)).minutes_to([2])
    assert found.tolist() == [np.inf, 0, 0]


def test_one_way_edges_lead_one_way():
    tail, head = np.array([0, 1]), np.array([1, 2])
    one_way = Graph(3, tail, head, np.array([5.0, 5.0]))
    assert one_way.minutes_to([2]).tolist() == [10, 5, 0]
    assert one_way.minutes_to([0]).tolist() == [0, np.inf, np.inf]


def test_without_destinations_nobody_arrives():
    assert np.isinf(graph(2, (0, 1, 1)).minutes_to([])).all()
    assert graph(2, (0, 1, 1)).ways_to([]).way(0) == []


@pytest.mark.parametrize("minutes", [-1.0, float("nan")])
def test_minutes_below_zero_are_refused(minutes):
    with pytest.raises(ValueError, match="0 or more"):
        graph(2, (0, 1, minutes))


networks = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(0, 20)),
            min_size=1,
            max_size=16,
        ),
        st.sets(st.integers(0, n - 1), min_size=1, max_size=3),
    )
)


def by_hand(n, given_edges, sources):
    """Bellman and Ford: slow, and another way to the same minutes."""
    minutes = [0 if node in sources else np.inf for node in range(n)]
    for _round in range(n):
        for a, b, cost in given_edges:
            minutes[a] = min(minutes[a], minutes[b] + cost)
            minutes[b] = min(minutes[b], minutes[a] + cost)
    return minutes


@given(networks)
def test_minutes_agree_with_another_method(network):
    n, given_edges, sources = network
    found = graph(n, *given_edges).minutes_to(sorted(sources))
    assert found.tolist() == pytest.approx(by_hand(n, given_edges, sources), abs=1e-5)


@given(networks)
def test_closing_an_edge_changes_exactly_those_that_depend_on_it(network):
    n, given_edges, sources = network
    whole = np.isfinite(graph(n, *given_edges).minutes_to(sorted(sources)))
    for place in range(len(given_edges)):
        closed = [
            (a, b, np.inf if number == place else cost)
            for number, (a, b, cost) in enumerate(given_edges)
        ]
        lost = whole & ~np.isfinite(graph(n, *closed).minutes_to(sorted(sources)))
        assert set(np.flatnonzero(lost)) == depending(n, given_edges, place, sources)


def depending(n, given_edges, without, sources):
    """Nodes of which every way to a source uses the edge: by walking, without any minutes."""

    def reached(skip):
        seen, waiting = set(sources), list(sources)
        while waiting:
            node = waiting.pop()
            for number, (a, b, _cost) in enumerate(given_edges):
                if number != skip and node in (a, b):
                    other = b if node == a else a
                    if other not in seen:
                        seen.add(other)
                        waiting.append(other)
        return seen

    return reached(None) - reached(without)
