"""What the network of roads is like, in sentences: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from geo.lib.numbers import format_number
from geo.lib.tables import NOTICE, WARNING
from geo.roads.models import Condition, Surface

Findings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about the network; ``road`` is the number of the road it is about, if one."""

    severity: str
    text: str
    road: str = ""
    topic: str = ""


def written(value: float, decimals: int = 0) -> str:
    """A number as people read it, in the language of the page."""
    return format_number(value, decimals, get_language() or "id")


def summary(found: Findings) -> str:
    """The whole network in one sentence."""
    text = _(
        "%(roads)s roads of %(km)s km make %(pieces)s separate networks; the largest holds "
        "%(percent)s %% of the length. %(ends)s ends lead nowhere."
    )
    pieces = found["pieces"]
    largest_km = pieces[0]["length_km"] if pieces else 0
    return text % {
        "roads": written(found["n_roads"]),
        "km": written(found["length_km"], 1),
        "pieces": written(len(pieces)),
        "percent": written(100 * largest_km / (found["length_km"] or 1)),
        "ends": written(found["n_dangling"]),
    }


def remarks(found: Findings) -> list[Remark]:
    """Every finding as a sentence, the gravest first."""
    topics = {
        "unreached": _unreached(found),
        "gaps": _gaps(found),
        "pieces": _pieces(found["pieces"]),
        "lines": _gone(found),
        "destinations": _skipped(found),
        "unsurveyed": _unsurveyed(found["unsurveyed"]),
    }
    return [replace(one, topic=topic) for topic, some in topics.items() for one in some]


def heading(remark: Remark) -> str:
    """What a group of remarks is about."""
    words = {
        "unreached": _("Villages that nothing leads to"),
        "gaps": _("Ends that nearly meet a road"),
        "pieces": _("Roads apart from the largest network"),
        "lines": _("Lines that are missing or broken"),
        "destinations": _("Destinations"),
        "unsurveyed": _("Roads whose surface nobody has surveyed"),
    }
    return words[remark.topic]


def _gone(found: Findings) -> list[Remark]:
    text = _("The line of road %(road)s has no length: it is left out. Draw it anew.")
    remarks = [Remark(WARNING, text % {"road": one}, one) for one in found["without_length"]]
    if found["n_without_line"]:
        text = ngettext(
            "%(count)d road has no line yet and cannot be travelled on.",
            "%(count)d roads have no line yet and cannot be travelled on.",
            found["n_without_line"],
        )
        remarks.append(Remark(NOTICE, text % {"count": found["n_without_line"]}))
    return remarks


def _unreached(found: Findings) -> list[Remark]:
    far = _(
        "The middle of %(village)s (%(code)s) lies %(km)s km from the nearest road or jetty; up "
        "to %(reach)s km are taken to be walked. Its minutes stay unknown until a road or boat "
        "link near it is loaded."
    )
    lost = _(
        "From %(village)s (%(code)s) no road or boat leads to the rest of the network. Load the "
        "boat link that people use (import_crossings), or the missing road."
    )
    reach = written(found["village_reach_m"] / 1000, 1)
    remarks = [
        Remark(
            WARNING,
            far % {"village": name, "code": code, "km": written(metres / 1000, 1), "reach": reach},
        )
        for code, name, metres in found["too_far"]
    ]
    return remarks + [
        Remark(WARNING, lost % {"village": name, "code": code})
        for code, name in found["unconnected"]
    ]


def _pieces(pieces: Sequence[Mapping]) -> list[Remark]:
    text = _(
        "%(km)s km of road (%(roads)s) are not joined to the largest network. Is a line missing, "
        "or a boat link?"
    )
    return [
        Remark(
            NOTICE,
            text % {"km": written(piece["length_km"], 1), "roads": _listed(piece)},
            piece["roads"][0],
        )
        for piece in pieces[1:]
    ]


def _listed(piece: Mapping) -> str:
    named = ", ".join(piece["roads"])
    others = piece["n_roads"] - len(piece["roads"])
    if not others:
        return named
    return _("%(named)s and %(others)d more") % {"named": named, "others": others}


def _gaps(found: Findings) -> list[Remark]:
    near = _(
        "An end of road %(road)s stops %(metres)s m short of road %(other)s. If they meet, draw "
        "the line up to it: only gaps up to %(snap)s m are closed."
    )
    closed = _("Road %(road)s was joined to road %(other)s over a gap of %(metres)s m.")
    snap = written(found["snap_m"])

    def fill(text: str, one: Sequence) -> str:
        road, other, metres = one
        return text % {"road": road, "other": other, "metres": written(metres, 1), "snap": snap}

    return [
        *(Remark(WARNING, fill(near, one), one[0]) for one in found["near_misses"]),
        *(Remark(NOTICE, fill(closed, one), one[0]) for one in found["snapped"]),
    ]


def _unsurveyed(roads: Sequence[Sequence]) -> list[Remark]:
    text = _(
        "Nobody has surveyed the surface of road %(road)s (%(km)s km): it is taken to be "
        "%(surface)s, %(condition)s."
    )
    return [
        Remark(
            NOTICE,
            text
            % {
                "road": road,
                "km": written(length_km, 1),
                "surface": Surface(surface).label,
                "condition": Condition(condition).label,
            },
            road,
        )
        for road, length_km, surface, condition in roads
    ]


def _skipped(found: Findings) -> list[Remark]:
    nowhere = _(
        "“%(indicator)s” was not computed: there is no place or named point to go to. Places come "
        "from import_places, points from data/travel/destinations.toml."
    )
    unplaced = _(
        "The point “%(point)s” in data/travel/destinations.toml names the village %(village)s, "
        "which has no boundary here; it was left out."
    )
    seatless = _("No office is named for these districts: %(districts)s.")
    remarks = [Remark(WARNING, nowhere % {"indicator": one}) for one in found["skipped"]]
    remarks += [
        Remark(WARNING, unplaced % {"point": point, "village": village})
        for point, village in found["unplaced"]
    ]
    if found["seatless"]:
        remarks.append(Remark(NOTICE, seatless % {"districts": ", ".join(found["seatless"])}))
    return remarks
