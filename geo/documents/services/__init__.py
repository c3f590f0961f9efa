"""Making documents, and keeping dossiers."""

from geo.documents.services.dossiers import ask_again, ask_for_dossier
from geo.documents.services.tables import open_dossier_table
from geo.documents.services.typesetting import open_document

__all__ = ["ask_again", "ask_for_dossier", "open_document", "open_dossier_table"]
