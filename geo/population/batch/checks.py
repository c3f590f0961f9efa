"""What is wrong with the books of population changes, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _

from geo.lib.ledger import FLOWS, GAINS, SEXES, month_of

# The database refuses all of this by itself; it is asked again, as after a restore without checks.
BALANCE = " OR ".join(
    f"closing_{sex} <> opening_{sex} "
    + " ".join(f"{'+' if flow in GAINS else '-'} {flow}_{sex}" for flow in FLOWS)
    for sex in SEXES
)
UNBALANCED = f"""
    SELECT a.code, m.period FROM geo_ledgermonth m JOIN geo_area a ON a.id = m.area_id
    WHERE m.stands AND ({BALANCE}) ORDER BY 1, 2"""  # noqa: S608 our own names
UNCHAINED = """
    SELECT a.code, m.period, m.opening_male + m.opening_female,
           b.closing_male + b.closing_female
    FROM geo_ledgermonth m JOIN geo_area a ON a.id = m.area_id
    JOIN geo_ledgermonth b ON b.area_id = m.area_id AND b.month = m.month - 1 AND b.stands
    WHERE m.stands AND (m.opening_male, m.opening_female) <> (b.closing_male, b.closing_female)
    ORDER BY 1, 2"""
GAPS = """
    SELECT code, before, month FROM (
        SELECT a.code, m.month, lag(m.month) OVER (PARTITION BY m.area_id ORDER BY m.month) before
        FROM geo_ledgermonth m JOIN geo_area a ON a.id = m.area_id WHERE m.stands) s
    WHERE month <> before + 1 ORDER BY 1, 2"""
UNPUBLISHED = """
    SELECT a.code, m.period, m.closing_male + m.closing_female, o.value
    FROM geo_ledgermonth m JOIN geo_area a ON a.id = m.area_id AND a.valid_to IS NULL
    JOIN geo_indicator i ON i.code = 'register_population'
    LEFT JOIN geo_observation o ON o.area_id = m.area_id AND o.indicator_id = i.id
        AND o.period = m.period AND o.superseded_at IS NULL
    WHERE m.stands AND o.value IS DISTINCT FROM m.closing_male + m.closing_female
    ORDER BY 1, 2"""
APART = """
    SELECT a.code, left(m.period, 4), m.closing_male + m.closing_female, o.value
    FROM geo_ledgermonth m JOIN geo_area a ON a.id = m.area_id
    JOIN geo_indicator i ON i.code = 'population'
    JOIN geo_observation o ON o.area_id = m.area_id AND o.indicator_id = i.id
        AND o.period = left(m.period, 4) AND o.superseded_at IS NULL
    JOIN geo_source s ON s.id = o.source_id JOIN geo_source t ON t.id = m.source_id
    WHERE m.stands AND m.period LIKE '%%-12' AND s.is_demo = t.is_demo
      AND o.value <> m.closing_male + m.closing_female
    ORDER BY 1, 2"""


def check_ledger() -> list[str]:
    """Return a sentence for everything inconsistent in the books; empty when all is well."""
    return [*_unbalanced(), *_unchained(), *_gaps(), *_unpublished(), *_apart()]


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [])
        return cursor.fetchall()


def _unbalanced() -> Iterator[str]:
    text = _("The book of %(code)s does not balance in %(period)s.")
    for code, period in _rows(UNBALANCED):
        yield text % {"code": code, "period": period}


def _unchained() -> Iterator[str]:
    text = _("The book of %(code)s opens %(period)s with %(opening)s, but closed with %(closing)s.")
    for code, period, opening, closing in _rows(UNCHAINED):
        yield text % {"code": code, "period": period, "opening": opening, "closing": closing}


def _gaps() -> Iterator[str]:
    text = _("The book of %(code)s lacks the months between %(before)s and %(after)s.")
    for code, before, after in _rows(GAPS):
        yield text % {"code": code, "before": month_of(before), "after": month_of(after)}


def _unpublished() -> Iterator[str]:
    text = _(
        "The book of %(code)s closes %(period)s with %(closing)s, but %(published)s is published."
    )
    for code, period, closing, published in _rows(UNPUBLISHED):
        shown = _("nothing") if published is None else f"{published:g}"
        facts = {"code": code, "period": period, "closing": closing, "published": shown}
        yield text % facts


def _apart() -> Iterator[str]:
    text = _(
        "The book of %(code)s closes %(year)s with %(closing)s, but “population” says %(yearly)s."
    )
    for code, year, closing, yearly in _rows(APART):
        yield text % {"code": code, "year": year, "closing": closing, "yearly": f"{yearly:g}"}
