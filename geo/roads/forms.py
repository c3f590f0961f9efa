"""What the list of roads can be asked for; an unknown word asks for nothing."""

from dataclasses import dataclass
from urllib.parse import urlencode

from geo.roads.models import Authority, Condition
from geo.roads.queries import UNSURVEYED

LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class RoadFilter:
    """The state of the page, which lives in its address."""

    authority: str = ""
    condition: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.authority or self.condition or self.text)

    @property
    def query(self) -> str:
        pairs = {"kewenangan": self.authority, "kondisi": self.condition, "cari": self.text}
        return urlencode({name: value for name, value in pairs.items() if value})


def read_filter(asked) -> RoadFilter:
    authority, condition = asked.get("kewenangan", ""), asked.get("kondisi", "")
    return RoadFilter(
        authority=authority if authority in Authority.values else "",
        condition=condition if condition in [*Condition.values, UNSURVEYED] else "",
        text=asked.get("cari", "").replace("\x00", "").strip()[:LONGEST_TEXT],
    )
