"""Documents to take along."""

from geo.documents.views import dossiers, sheets

__all__ = ["dossiers", "sheets"]
