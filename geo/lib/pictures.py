"""The map as a picture: areas as SVG, for pages, PDF and PNG alike.

A *picture* is the outline of the areas inside one parent, ready to be drawn.
It is computed when boundaries are loaded (``areas.batch.outlines``) and stored as JSON:

``bounds``
    ``[west, south, east, north]`` in degrees, EPSG:4326.
``width``, ``height``
    of the drawing in its own whole-number units; ``width`` is 1000. Between
    bounds and drawing lies the Web Mercator projection (EPSG:3857), so that
    the same drawing can be laid on a Leaflet map without a shift.
``paths``
    ``{area code: SVG path data}``: one absolute ``M`` a ring, then relative
    ``l`` steps in whole units, then ``z``.
``points``
    ``{area code: [x, y]}``: a point inside each area, for circles and labels.
``lines``
    SVG path data of the borders one level up (districts over villages), or "".
"""
