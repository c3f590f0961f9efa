"""Thiessen polygons: the land that lies nearer to one point than to any other.

Where nobody has drawn a border, the nearest village is the best guess (A. H.
Thiessen 1911, "Precipitation averages for large areas"; Voronoi 1908). Points
and masks are in metres, in a projected reference system: degrees would
stretch the cells.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


def thiessen_cells(points: np.ndarray, mask: BaseGeometry) -> np.ndarray:
    """Divide ``mask`` among ``points``, every place going to the nearest one.

    Borders and mask are noded together before faces are formed, so that
    neighbouring cells share the very same vertices: the result is a coverage.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        x and y in metres, n ≥ 3, all different.
    mask : Polygon or MultiPolygon
        What is divided (land), in the same reference system.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (n,)
        Cells in the order of ``points``; empty where a point gets nothing.

    Raises
    ------
    ValueError
        Fewer than three points, not finite, duplicates, or an invalid mask.
    """
    points = _checked(points, mask)
    frame = shapely.buffer(shapely.envelope(mask), 1.0, join_style="mitre")
    edges = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame, only_edges=True)
    )
    edges = edges[shapely.intersects(edges, frame)]
    faces = shapely.get_parts(
        shapely.polygonize([shapely.union_all([*edges, shapely.boundary(mask)])])
    )
    inside = shapely.point_on_surface(faces)
    shapely.prepare(mask)
    on_mask = shapely.contains_properly(mask, inside)
    owners = shapely.STRtree(shapely.points(points)).nearest(inside[on_mask])
    return join_cells(faces[on_mask], owners, len(points))


def settle_crumbs(cells: np.ndarray, smallest_m2: float) -> np.ndarray:
    """Give the small detached parts of each cell to the neighbour, or drop them at sea.

    A part smaller than ``smallest_m2`` that is not its cell's largest joins the
    cell with which it shares the longest border, so that no hole is left; one
    that borders on nothing is an islet and is left out.

    Parameters
    ----------
    cells : ndarray of Polygon or MultiPolygon, shape (n,)
        A coverage, in metres.
    smallest_m2 : float
        Area in m² from which a detached part stays with its cell.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (n,)
        A coverage in the same order.
    """
    parts, owners = shapely.get_parts(cells, return_index=True)
    parts, owners = _with_land(parts, owners)
    area_m2 = shapely.area(parts)
    largest_m2 = np.zeros(len(cells))
    np.maximum.at(largest_m2, owners, area_m2)
    crumb = (area_m2 < smallest_m2) & (area_m2 < largest_m2[owners])
    tree = shapely.STRtree(parts)
    moved = True
    while moved:
        moved = False
        for i in np.flatnonzero(crumb):
            near = tree.query(parts[i], predicate="intersects")
            near = near[~crumb[near]]
            shared_m = shapely.length(shapely.intersection(parts[near], parts[i].boundary))
            if len(near) and shared_m.max() > 0:
                owners[i], crumb[i], moved = owners[near[shared_m.argmax()]], False, True
    return join_cells(parts[~crumb], owners[~crumb], len(cells))


def join_cells(parts: np.ndarray, owners: np.ndarray, n: int) -> np.ndarray:
    """Join the parts of each owner, so that one owner may have several points.

    Parameters
    ----------
    parts : ndarray of Polygon or MultiPolygon, shape (m,)
        Cells or faces, a coverage.
    owners : ndarray of int, shape (m,)
        For each part its owner, 0 ≤ owner < n.
    n : int
        Number of owners.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (n,)
        An empty polygon for an owner without land.
    """
    parts, owners = _with_land(parts, owners)
    cells = np.full(n, shapely.Polygon(), dtype=object)
    for owner in np.unique(owners):
        cells[owner] = shapely.union_all(parts[owners == owner])
    return cells


def _checked(points: np.ndarray, mask: BaseGeometry) -> np.ndarray:
    """Return the points as floats, or raise ValueError saying what is wrong with them."""
    points = np.asarray(points, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3:
        raise ValueError(
            f"Thiessen polygons need at least three points of x and y; found shape {points.shape}."
        )
    if not np.isfinite(points).all():
        raise ValueError("Some points have no finite x or y; leave them out.")
    different, count = np.unique(points, axis=0, return_counts=True)
    if (count > 1).any():
        twice = ", ".join(f"({x:.2f}, {y:.2f})" for x, y in different[count > 1][:5])
        raise ValueError(f"Several points lie on the same place: {twice}; keep one of each.")
    if mask.is_empty or not mask.is_valid:
        raise ValueError("The mask is empty or invalid; mend it first (shapely.make_valid).")
    return points


def _with_land(parts: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    has_land = ~shapely.is_empty(parts)
    return parts[has_land], owners[has_land]
