"""What the documents say: every word and number ready for the typesetter.

The shapes are those that templates/documents reads. Everything is text, so that a year never
shows as 2.026 and no name is taken for a command.
"""

from geo.documents.queries.maps import map_sheet
from geo.documents.queries.profiles import profile_sheet

__all__ = ["map_sheet", "profile_sheet"]
