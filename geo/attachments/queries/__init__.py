"""Finding photos and documents."""

from geo.attachments.queries.finding import (
    UnknownAttachment,
    attachments_version,
    find_attachment,
    published_photos,
    waiting_for,
)
from geo.attachments.queries.subjects import Subject, find_subject, of_area, of_opportunity

__all__ = [
    "Subject",
    "UnknownAttachment",
    "attachments_version",
    "find_attachment",
    "find_subject",
    "of_area",
    "of_opportunity",
    "published_photos",
    "waiting_for",
]
