"""The kinds of data sets, by the word in their sector file."""

from geo.submissions.kinds.base import Effect, Kind, Standing
from geo.submissions.kinds.registry import kind_of

__all__ = ["Effect", "Kind", "Standing", "kind_of"]
