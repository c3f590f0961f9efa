"""Which class answers for which kind of data set."""

from __future__ import annotations

from geo.indicators.models import Dataset
from geo.submissions.kinds.base import Kind
from geo.submissions.kinds.ledger import LedgerKind
from geo.submissions.kinds.opportunities import OpportunitiesKind
from geo.submissions.kinds.places import PlacesKind
from geo.submissions.kinds.roads import RoadsKind
from geo.submissions.kinds.values import ValuesKind

KINDS: dict[str, Kind] = {
    Dataset.Kind.VALUES: ValuesKind(),
    Dataset.Kind.LEDGER: LedgerKind(),
    Dataset.Kind.PLACES: PlacesKind(),
    Dataset.Kind.ROAD_INVENTORY: RoadsKind(),
    Dataset.Kind.OPPORTUNITIES: OpportunitiesKind(),
}


def kind_of(dataset: Dataset) -> Kind:
    """The kind of a data set."""
    return KINDS[dataset.kind]
