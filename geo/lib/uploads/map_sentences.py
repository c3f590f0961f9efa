"""Sentences about maps; see ``sentences``."""

from __future__ import annotations

from geo.lib.uploads.wording import Sentence, _, notice, question

OF_MAPS = {
    "crs_unknown": question(
        _("The file does not say in which coordinates it is written (found: %(found)s, first "
          "point %(x)s, %(y)s). Choose what it is: %(candidates)s.")
    ),
    "crs_unsupported": Sentence(
        _("The coordinates are in “%(found)s”, which is not read here. Save the map in WGS 84 "
          "(EPSG:4326) and send that.")
    ),
    "crs_ignored": notice(
        _("The file says itself that its coordinates are %(found)s; what was stated "
          "(%(stated)s) was not needed.")
    ),
    "no_features": Sentence(
        _("There is nothing on this map (found: %(found)s). Draw or choose the objects and "
          "export them again.")
    ),
    "too_many_features": Sentence(
        _("There are more than %(most)s objects on this map. Send it in parts.")
    ),
    "too_many_points": Sentence(
        _("All objects together have more than %(most)s points. Simplify the map, or send it in"
          " parts.")
    ),
    "no_layer": Sentence(_("The file has no layer “%(found)s”. It has: %(known)s.")),
    "several_layers": Sentence(
        _("The file has %(n)s layers: %(known)s. Send one, or say which is meant.")
    ),
    "layer_is_view": notice(
        _("Layer “%(found)s” is calculated (a view) and was not read. Save it as a layer of its"
          " own.")
    ),
    "package_broken": Sentence(
        _("The GeoPackage is damaged (%(reason)s). Export it again from your map program.")
    ),
    "not_a_package": Sentence(
        _("This is a database but no GeoPackage. Export the map as GeoPackage or GeoJSON.")
    ),
    "package_open": notice(
        _("The GeoPackage was still open in another program when it was copied: the newest "
          "changes may be missing. Close the program, and send it again if something is not "
          "there.")
    ),
    "shapefile_broken": Sentence(
        _("The shapefile is damaged: %(part)s breaks off or contradicts itself. Export it "
          "again.")
    ),
    "attributes_missing": Sentence(
        _("The shapefile has no table of attributes (.dbf). Pack all parts of “%(found)s”: "
          ".shp, .shx, .dbf and .prj.")
    ),
    "links_left_out": notice(
        _("The map points to other addresses (%(n)s links). These were not opened.")
    ),
    "html_removed": notice(
        _("Formatting was taken out of %(n)s descriptions; the text was kept.")
    ),
    "values_left_out": notice(
        _("%(n)s values in “%(column)s” are lists or pictures and were left out, the first at "
          "object %(row)s.")
    ),
    "heights_dropped": notice(
        _("%(n)s objects have heights or times at their points. These are not kept.")
    ),
    "geometry_missing": Sentence(
        _("Object %(row)s has no place: nothing is drawn. Draw it, or delete its row.")
    ),
    "geometry_kind": Sentence(
        _("Object %(row)s is of a kind that is not read here (%(found)s). Points, lines and "
          "areas are.")
    ),
    "geometry_broken": Sentence(
        _("The drawing of object %(row)s is damaged (%(reason)s). Draw it again.")
    ),
    "geometry_too_deep": Sentence(
        _("Object %(row)s is a collection of collections. Save its parts as objects of their "
          "own.")
    ),
    "not_finite": Sentence(
        _("A point of object %(row)s has the coordinate %(found)s, which is no place. Draw it "
          "again.")
    ),
    "ring_open": Sentence(
        _("The outline of object %(row)s does not return to where it began (%(lon)s, %(lat)s). "
          "Close it.")
    ),
    "too_few_points": Sentence(
        _("Object %(row)s has %(found)s points; at least %(least)s are needed. Draw it again.")
    ),
    "too_many_vertices": Sentence(
        _("Object %(row)s has %(found)s points; at most %(most)s are read. Simplify it.")
    ),
    "geometry_invalid": Sentence(
        _("The outline of object %(row)s is not a proper area: %(reason)s near %(lon)s, "
          "%(lat)s. Mend it there.")
    ),
    "geometry_repairable": Sentence(
        _("The outline of object %(row)s is not a proper area: %(reason)s near %(lon)s, "
          "%(lat)s. Mend it there, or accept the proposed repair.")
    ),
    "axes_swapped": Sentence(
        _("Object %(row)s lies at %(lon)s, %(lat)s: latitude and longitude look swapped. "
          "Longitude comes first; turn them round.")
    ),
    "outside_indonesia": Sentence(
        _("Object %(row)s lies at %(lon)s, %(lat)s, outside of Indonesia. Look at its "
          "coordinates, and in which system they are written.")
    ),
}  # fmt: skip

# Facts that are words themselves: what GEOS says about an area, as people would.
REASONS = {
    "Self-intersection": _("it crosses itself"),
    "Ring Self-intersection": _("it touches itself"),
    "Hole lies outside shell": _("a hole lies outside of it"),
    "Holes are nested": _("a hole lies in a hole"),
    "Nested holes": _("a hole lies in a hole"),
    "Nested shells": _("a part lies in another part"),
    "Interior is disconnected": _("its holes cut it in two"),
    "Duplicate Rings": _("a part is drawn twice"),
    "Too few points in geometry component": _("a part has no surface"),
    "Invalid Coordinate": _("a point has no place"),
    "invalid": _("its outline is not closed properly"),
    "coordinates": _("its coordinates are not a list of points"),
    "collection": _("it is a broken collection"),
}
