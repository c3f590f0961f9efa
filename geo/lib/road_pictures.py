"""A road on a little map: SVG without scripts, from a stored picture of areas."""

from __future__ import annotations

from collections.abc import Sequence

from geo.lib.pictures import LAND_FILL, Picture, mercator_y

Piece = Sequence[tuple[float, float]]

# Around the road, so that one sees where it lies; of the drawing's longer side.
PADDING = 0.45
LEAST_SHARE = 0.1


def draw_road(picture: Picture, pieces: Sequence[Piece]) -> str:
    """Draw the pieces of a road over the areas of a picture, cut to where the road lies.

    Parameters
    ----------
    picture
        As ``lib.pictures`` describes it.
    pieces
        Lines as (lon, lat) in degrees, EPSG:4326; not empty.

    Returns
    -------
    str
        An ``<svg>``, hidden from screen readers: the page says the same in words.
    """
    west, _south, east, north = picture["bounds"]
    scale = picture["width"] / (east - west)
    top = mercator_y(north)
    drawn = [
        [((lon - west) * scale, (top - mercator_y(lat)) * scale) for lon, lat in piece]
        for piece in pieces
    ]
    box = _frame([point for piece in drawn for point in piece], picture)
    areas = "".join(f'<path d="{path}"/>' for path in picture["paths"].values())
    lines = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in piece) for piece in drawn if len(piece) > 1
    )
    first, last = drawn[0][0], drawn[-1][-1]
    radius = box[2] / 70
    ends = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.2f}"/>' for x, y in (first, last)
    )
    return (
        '<svg class="roadmap" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="{box[0]:.1f} {box[1]:.1f} {box[2]:.1f} {box[3]:.1f}">'
        f'<g class="roadmap__areas" fill="{LAND_FILL}">{areas}</g>'
        f'<path class="roadmap__casing" d="{lines}"/><path class="roadmap__line" d="{lines}"/>'
        f'<g class="roadmap__ends">{ends}</g></svg>'
    )


def _frame(points: Sequence[tuple[float, float]], picture: Picture) -> tuple:
    """A box of 4:3 around the points, never so narrow that nothing else is seen."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    least = LEAST_SHARE * max(picture["width"], picture["height"])
    width = max(max(xs) - min(xs), least) * (1 + 2 * PADDING)
    height = max(max(ys) - min(ys), least * 0.75) * (1 + 2 * PADDING)
    width, height = max(width, height * 4 / 3), max(height, width * 3 / 4)
    return middle[0] - width / 2, middle[1] - height / 2, width, height
