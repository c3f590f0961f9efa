"""Two pages about one area."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.documents.queries.words import (
    boundary_line,
    common_facts,
    mark_of,
    number,
    source_line,
)
from geo.indicators.models import Indicator, Observation, RollUp, Source
from geo.lib.charts import Line, line_chart, painted
from geo.lib.pictures import draw_areas
from geo.profiles.queries import Card, Fact, Profile
from geo.profiles.queries.profiles import Comparison
from geo.templatetags import geo as wording

LAND, CHOSEN = "#d5e1d8", "#f4d6a6"
N_CHARTS = 6
CHART_WIDTH, CHART_HEIGHT = 300, 120
# Lines of the table that fit on the second page; what does not is said to be on the site.
MOST_LINES = 150
FEW_LINES = 105
LONG_NAME = 44


def profile_sheet(profile: Profile, *, address: str) -> dict[str, Any]:
    """All that the two pages about one area say; its own figures are the page's."""
    common = common_facts(address)
    cards = _shortened(profile.cards)
    shown = [fact for card, _left_out in cards for fact in card.facts]
    return {
        **common,
        "title": wording.title(profile.area),
        "above": " · ".join(wording.title(area) for area in reversed(profile.above)),
        "mark": mark_of(profile.is_demo),
        "facts": _profile_facts(profile),
        "charts": _charts(profile),
        "size_pt": 7.4 if _lines([c for c, _n in cards], MOST_LINES) <= FEW_LINES else 6.6,
        "cards": [_card(card, left_out) for card, left_out in cards],
        "sources": [source_line(source) for source in _sources(shown, profile.area)],
        "header": [
            *(_("Figure"), wording.title(profile.area), _("Rank")),
            *(area.name for area in reversed(profile.above)),
        ],
        "footer": f"{common['site']} · {wording.title(profile.area)} · {profile.area.code}",
        "words": {
            **common["words"],
            "trends": _("Over the years"),
            "figures": _("Latest figures"),
            "sources": _("Sources"),
            "boundaries": boundary_line(profile.area),
        },
        **_little_map(profile),
    }


def _little_map(profile: Profile) -> dict[str, Any]:
    if profile.outline is None:
        return {"picture": None, "picture_alt": ""}
    picture = profile.outline.picture
    fills = dict.fromkeys(picture["paths"], LAND) | {profile.area.code: CHOSEN}
    svg = draw_areas(picture, fills, selected=profile.area.code, standalone=True)
    names = {"name": wording.title(profile.area), "above": wording.title(profile.outline.parent)}
    return {"picture": svg, "picture_alt": _("%(name)s in %(above)s") % names}


def _profile_facts(profile: Profile) -> list[list[str]]:
    area = profile.area
    surface = _("No boundary yet")
    if area.area_km2:
        surface = f"{number(area.area_km2, 1)} km²"
    entries = [[_("Code"), area.code + (f" · BPS {area.bps_code}" if area.bps_code else "")]]
    entries.append([_("Surface"), surface])
    if area.boundary_status:
        entries.append([_("Boundary"), str(area.get_boundary_status_display())])
    if profile.parts:
        parts = _("Districts") if area.level == Level.REGENCY else _("Villages")
        entries.append([parts, str(len(profile.parts))])
    return entries


def _shortened(cards: list[Card]) -> list[tuple[Card, int]]:
    """As many figures of every sector as fit on one page, with how many are left out."""
    known = [Card(card.sector, [fact for fact in card.facts if fact.period]) for card in cards]
    known = [card for card in known if card.facts]
    longest = max((len(card.facts) for card in known), default=0)
    most = next((n for n in range(longest, 1, -1) if _lines(known, n) <= MOST_LINES), 1)
    return [
        (Card(card.sector, card.facts[:most]), max(len(card.facts) - most, 0)) for card in known
    ]


def _lines(cards: list[Card], most: int) -> int:
    """How many lines the cards take when each shows at most so many figures."""
    return sum(
        3 + sum(1 + (len(fact.indicator.name) > LONG_NAME) for fact in card.facts[:most])
        for card in cards
    )


def _card(card: Card, left_out: int) -> dict[str, Any]:
    more = _("%(n)d more on the site") % {"n": left_out} if left_out else ""
    return {
        "name": card.sector.name,
        "rows": [_fact_row(fact) for fact in card.facts],
        "more": more,
    }


def _fact_row(fact: Fact) -> dict[str, Any]:
    figure = fact.figure
    above = {c.area.level: _compared(c, fact.indicator) for c in fact.comparisons}
    standing = fact.standing
    rank = f"{standing.rank}/{standing.n_ranked}" if standing.rank else ""
    notes = [wording.period(fact.period)]
    if figure is not None and figure.value is not None and figure.is_partial:
        notes.append(f"{figure.reported}/{figure.expected}")
    return {
        "name": fact.indicator.name,
        "value": wording.with_unit(figure, fact.indicator),
        "note": " · ".join(notes),
        "rank": rank,
        "above": [above.get(level, "") for level in (Level.DISTRICT, Level.REGENCY)],
    }


def _compared(beside: Comparison, indicator: Indicator) -> str:
    """The figure of an area above, with its coverage where that is too little to compare."""
    figure = beside.figure
    said = wording.value_of(figure, indicator)
    return f"{said} ({figure.reported}/{figure.expected})" if beside.bar is None else said


def _charts(profile: Profile) -> list[dict[str, Any]]:
    """Trends of the first figure of each sector that has one."""
    made: list[dict[str, Any]] = []
    for card in profile.cards:
        known = (fact for fact in card.facts if _has_trend(fact))
        if len(made) < N_CHARTS and (fact := next(known, None)):
            made.append(_chart(profile, fact))
    return made


def _has_trend(fact: Fact) -> bool:
    return len({step.own.value for step in fact.trend} - {None}) > 1


def _chart(profile: Profile, fact: Fact) -> dict[str, Any]:
    """One figure of the area over all periods; a rate beside that of the areas above."""
    lines = [Line(profile.area.name, [step.own.value for step in fact.trend], "chart__own")]
    above = [] if fact.indicator.roll_up == RollUp.SUM else profile.above
    for area, css in zip(above, ["chart__whole", "chart__above"], strict=False):
        found = [{f.code: f.value for f in step.above}.get(area.code) for step in fact.trend]
        lines.append(Line(area.name, found, css))
    svg = line_chart(
        [wording.period(step.period) for step in fact.trend],
        lines,
        number,
        least_step=10**-fact.indicator.decimals,
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
    )
    return {
        "name": fact.indicator.name,
        "unit": wording.unit_name(fact.indicator),
        "svg": painted(svg),
        "alt": _("%(name)s over time") % {"name": fact.indicator.name},
        "key": [{"name": line.name, "css": line.css} for line in lines],
    }


def _sources(shown: list[Fact], area: Area) -> list[Source]:
    """The sources of the figures shown; one query."""
    asked = Q(pk__in=[])
    for fact in shown:
        one = fact.indicator
        parts = {one.numerator_id, one.denominator_id} if one.roll_up == RollUp.RATIO else {one.pk}
        asked |= Q(period=fact.period, indicator_id__in=parts - {None})
    below = Q(area=area) | Q(area__parent=area) | Q(area__parent__parent=area)
    stands = Observation.objects.as_of().filter(asked, below)
    return list(Source.objects.filter(pk__in=stands.values("source")).order_by("pk"))
