"""The shape of one finding."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``advice`` says what to do; empty where all is well."""

    part: str
    sentence: str
    advice: str = ""

    @property
    def is_well(self) -> bool:
        return not self.advice
