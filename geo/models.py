"""Every table, by room."""

from geo.accounts.models import AccountMail, Assignment, User
from geo.areas.models import Area, AreaAlias, AreaChange, BoundarySource, Outline
from geo.attachments.models import Attachment, AttachmentNotice
from geo.documents.models import Dossier
from geo.indicators.models import (
    ClassBreaks,
    Dataset,
    DataVersion,
    Indicator,
    KeptFigure,
    Observation,
    Sector,
    ShownValues,
    Source,
)
from geo.inquiries.models import (
    InquirerContact,
    Inquiry,
    InquiryKey,
    InquiryMail,
    InquiryMessage,
)
from geo.opportunities.models import Opportunity
from geo.places.models import Place, PlaceKind, PlaceRevision
from geo.population.models import LedgerMonth
from geo.roads.models import (
    Crossing,
    Road,
    RoadLayer,
    RoadPart,
    RoadRevision,
    RoadSegment,
    RoadSurvey,
)
from geo.submissions.models import (
    CellComment,
    Notice,
    PartialUpload,
    Publication,
    Replacement,
    StoredFile,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
)
from geo.travel.models import AmbulanceAccess, Obstacle, TravelRun

__all__ = [
    "AccountMail",
    "AmbulanceAccess",
    "Area",
    "AreaAlias",
    "AreaChange",
    "Assignment",
    "Attachment",
    "AttachmentNotice",
    "BoundarySource",
    "CellComment",
    "ClassBreaks",
    "Crossing",
    "DataVersion",
    "Dataset",
    "Dossier",
    "Indicator",
    "InquirerContact",
    "Inquiry",
    "InquiryKey",
    "InquiryMail",
    "InquiryMessage",
    "KeptFigure",
    "LedgerMonth",
    "Notice",
    "Observation",
    "Obstacle",
    "Opportunity",
    "Outline",
    "PartialUpload",
    "Place",
    "PlaceKind",
    "PlaceRevision",
    "Publication",
    "Replacement",
    "Road",
    "RoadLayer",
    "RoadPart",
    "RoadRevision",
    "RoadSegment",
    "RoadSurvey",
    "Sector",
    "ShownValues",
    "Source",
    "StoredFile",
    "Submission",
    "SubmissionEvent",
    "SubmissionVersion",
    "TravelRun",
    "User",
]
