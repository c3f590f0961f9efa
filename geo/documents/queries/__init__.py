"""What the documents say: every word and number ready for the typesetter.

The shapes are those that templates/documents reads. Everything is text, so that a year never
shows as 2.026 and no name is taken for a command.
"""

from geo.documents.queries.lampid import lampid_form, lampid_sheet, read_month
from geo.documents.queries.maps import map_sheet
from geo.documents.queries.profiles import profile_sheet

__all__ = ["lampid_form", "lampid_sheet", "map_sheet", "profile_sheet", "read_month"]
