"""Tags that show photos and documents on pages of other rooms, and the ways to them."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.conf import settings

from geo.accounts.queries import Act, access_of
from geo.areas.models import Area
from geo.attachments.models import AttachmentNotice, Kind
from geo.attachments.queries import Subject, news_of, of_area, of_opportunity, waiting_for
from geo.opportunities.models import Opportunity

register = template.Library()
MOST_PHOTOS, MOST_DOCUMENTS, MOST_NEWS = 8, 20, 10


def _person(context):
    """Who is signed in. Without a session cookie nobody is asked for, so that caches serve all."""
    request = context["request"]
    return request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None


def _shown(context, subject: Subject):
    person = _person(context)
    found = list(
        subject.attachments.as_of().order_by("-decided_at", "-pk")[: MOST_PHOTOS + MOST_DOCUMENTS]
    )
    return {
        "subject": subject,
        "photos": [row for row in found if row.kind == Kind.PHOTO][:MOST_PHOTOS],
        "documents": [row for row in found if row.kind == Kind.DOCUMENT],
        "may_add": person is not None and bool(subject.open_to(person)),
    }


@register.inclusion_tag("attachments/_shown.html", takes_context=True)
def attachments_of_area(context, area: Area):
    """Photos and documents of an area, for its profile; one query."""
    return _shown(context, of_area(area))


@register.inclusion_tag("attachments/_shown.html", takes_context=True)
def attachments_of_opportunity(context, row: Opportunity):
    """Photos and documents of an opportunity, for its page; two queries."""
    return _shown(context, of_opportunity(row))


@register.inclusion_tag("attachments/_to_review.html", takes_context=True)
def attachments_to_review(context):
    """The way to what waits, for those who review; nothing where nothing waits."""
    person = _person(context)
    if person is None or not access_of(person).holds(Act.REVIEW):
        return {"n": 0}
    return {"n": waiting_for(person).count()}


@register.inclusion_tag("attachments/_of_desk.html", takes_context=True)
def attachments_of_desk(context, areas: Sequence[Area]):
    """The ways to photos of the areas for which somebody answers; no query."""
    person = _person(context)
    subjects = [of_area(area) for area in areas] if person else []
    return {"subjects": [one for one in subjects if one.open_to(person)]}


@register.simple_tag(takes_context=True)
def attachment_news(context, unread: bool = False):
    """What became of photos and documents that somebody handed in, the latest first; one query."""
    person = _person(context)
    rows = news_of(person) if person else AttachmentNotice.objects.none()
    return list((rows.filter(read_at=None) if unread else rows)[:MOST_NEWS])


@register.filter
def file_size(n_bytes: int) -> str:
    """A size in kB or MB, as people read it."""
    return f"{n_bytes / 1_000_000:.0f} MB" if n_bytes >= 1_500_000 else f"{n_bytes // 1000 + 1} kB"
