"""What a dossier says: figures as of a moment, ranking, access, and how all of it came about."""

from geo.documents.queries.dossiers.contents import dossier_contents
from geo.documents.queries.dossiers.figures import first_published_on
from geo.documents.queries.dossiers.photos import still_shown, with_pictures
from geo.documents.queries.dossiers.shapes import shapes_of
from geo.documents.queries.dossiers.stored import UnknownDossier, find_dossier, find_twin
from geo.documents.queries.dossiers.subjects import MOST_AREAS, Subject

__all__ = [
    "MOST_AREAS",
    "Subject",
    "UnknownDossier",
    "dossier_contents",
    "find_dossier",
    "find_twin",
    "first_published_on",
    "shapes_of",
    "still_shown",
    "with_pictures",
]
