"""Finding photos and documents."""

from geo.attachments.queries.finding import (
    UnknownAttachment,
    attachments_version,
    find_attachment,
    published_photos,
    visible_among,
    waiting_for,
)
from geo.attachments.queries.news import news_of, to_be_mailed
from geo.attachments.queries.subjects import Subject, find_subject, of_area, of_opportunity

__all__ = [
    "Subject",
    "UnknownAttachment",
    "attachments_version",
    "find_attachment",
    "find_subject",
    "news_of",
    "of_area",
    "of_opportunity",
    "published_photos",
    "to_be_mailed",
    "visible_among",
    "waiting_for",
]
