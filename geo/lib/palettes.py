"""The closed list of palettes, light to dark, told apart by colour-blind readers.

Every ramp grows darker all the way, so that it also reads in grey. The
diverging ones are lightest in the middle. The sequential anchors follow
ColorBrewer (Harrower & Brewer 2003) and our own tokens.
"""

from __future__ import annotations

SEQUENTIAL: dict[str, tuple[str, ...]] = {
    "teal": ("#eaf3e6", "#bfdcc4", "#7fbfb0", "#3b8f96", "#15596f"),
    "blue": ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c"),
    "violet": ("#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f"),
    "amber": ("#fff4d6", "#fdd58c", "#f5a742", "#cf6f17", "#8a3d0b"),
    "rose": ("#fdecec", "#f7bcc0", "#e5828f", "#b84a66", "#7a1f4a"),
    "green": ("#edf8e9", "#bae4b3", "#74c476", "#31a354", "#006d2c"),
}
DIVERGING: dict[str, tuple[str, ...]] = {
    "amber_teal": ("#8a4b08", "#d9a04e", "#f5f1e6", "#6fb3ac", "#15596f"),
    "violet_green": ("#5b2a86", "#b79bcb", "#f4f4f2", "#94c990", "#1b6b35"),
}
PALETTES = {**SEQUENTIAL, **DIVERGING}
DEFAULT = "teal"


def ramp(name: str, k: int) -> list[str]:
    """Return ``k`` colours as ``#rrggbb``, from the lowest class to the highest.

    Parameters
    ----------
    name
        One of ``PALETTES``.
    k
        Classes, 1 to 9. One class takes a middle tone, which reads as "some".
    """
    anchors = PALETTES[name]
    if k == 1:
        return [anchors[3]]
    last = len(anchors) - 1
    return [_between(anchors, step * last / (k - 1)) for step in range(k)]


def is_diverging(name: str) -> bool:
    """Whether the palette has a light middle that stands for a meaningful value."""
    return name in DIVERGING


def _between(anchors: tuple[str, ...], position: float) -> str:
    left = min(int(position), len(anchors) - 2)
    share = position - left
    channels = zip(_channels(anchors[left]), _channels(anchors[left + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
