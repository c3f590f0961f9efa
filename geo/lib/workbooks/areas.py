"""Which row of the form a line of a file means: by code, BPS code or name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from geo.lib.grids import Cell, GridRow
from geo.lib.matching import MATCHED, Match, dotted
from geo.lib.names import name_key
from geo.lib.workbooks.contract import Asked, SheetFault
from geo.lib.workbooks.headings import BPS, CODE, DISTRICT, NAME


class RowFinder:
    """Finds rows of one form."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.known = {row.key: row for row in asked.rows}
        self.by_name: dict[str, list[str]] = {}
        for row in asked.rows:
            self.by_name.setdefault(name_key(row.label), []).append(row.key)

    def find(self, line: int, named: Mapping[str, Cell]) -> tuple[GridRow, list[SheetFault]]:
        """The row that a line is about, and what is odd about how it says so.

        A line of a form to which rows may be added and that names no row is a new one.
        """
        texts = {role: _text(cell) for role, cell in named.items()}
        if self.asked.has_free_rows:
            return self._free_row(line, texts)
        if len(self.known) == 1 and not any(texts.get(role) for role in (CODE, BPS, NAME)):
            # The form of one village needs no name beside its only row.
            only = self.asked.rows[0]
            return GridRow(line, only.key, only.label), []
        match = self._match(texts)
        faults = self._oddities(line, texts, match)
        if match.code is not None:
            label = self.known[match.code].label if match.code in self.known else ""
            return GridRow(line, match.code, label or texts.get(NAME, "")), faults
        written = texts.get(CODE) or texts.get(BPS) or texts.get(NAME) or ""
        return GridRow(line, written[:40], texts.get(NAME, "") or written), faults

    def _free_row(self, line: int, texts: Mapping[str, str]) -> tuple[GridRow, list[SheetFault]]:
        key = texts.get(CODE, "")
        label = self.known[key].label if key in self.known else texts.get(NAME, "")
        return GridRow(line, key[:40], label), []

    def _match(self, texts: Mapping[str, str]) -> Match:
        """By the first of code, BPS code and name that is written and known."""
        code = dotted(texts.get(CODE, ""))
        if code in self.known:
            return Match(MATCHED, code)
        index = self.asked.index
        found = Match("unknown")
        if code and index is not None:
            found = index.match_code(code)
            # A column of codes may hold those of BPS.
            found = found if found.code else index.match_bps(code)
        if found.code is None and texts.get(BPS) and index is not None:
            found = index.match_bps(texts[BPS])
        if found.code is None and texts.get(NAME) and not re.search(r"\d{4}", code):
            found = self._match_name(texts[NAME], texts.get(DISTRICT) or None)
        return found

    def _match_name(self, name: str, district: str | None) -> Match:
        own = self.by_name.get(name_key(name), [])
        if len(own) == 1 and district is None:
            return Match(MATCHED, own[0])
        if self.asked.index is None:
            return Match("ambiguous" if own else "unknown", near=tuple((k, 100.0) for k in own))
        if district is None and self.asked.rows and not own:
            near = self._alike(name)
            if near:
                return Match("proposed", near=near)
        return self.asked.index.match_name(name, district)

    def _alike(self, name: str) -> tuple[tuple[str, float], ...]:
        """Rows of the form whose names are almost this one: proposed, never taken."""
        index = self.asked.index
        if index is None:
            return ()
        own = [index.by_code[key] for key in self.known if key in index.by_code]
        return tuple(index.alike(name_key(name), own))

    def _oddities(self, line: int, texts: Mapping[str, str], match: Match) -> list[SheetFault]:
        if match.code is None:
            near = [self._name(code) for code, _likeness in match.near[:3]]
            if not near:
                return []
            written = texts.get(NAME) or texts.get(CODE, "")
            code = "ambiguous_area" if match.outcome == "ambiguous" else "alike_area"
            return [SheetFault(code, line, found=written, facts={"near": ", ".join(near)})]
        if match.former_code:
            facts = {"code": match.code}
            return [SheetFault("former_code", line, found=match.former_code, facts=facts)]
        name, row = texts.get(NAME, ""), self.known.get(match.code)
        if not name or row is None or name_key(name) == name_key(row.label):
            return []
        others = self.by_name.get(name_key(name), [])
        if others and match.code not in others:
            facts = {"code": match.code, "expected": row.label}
            return [SheetFault("code_and_name", line, found=name, facts=facts)]
        return []

    def _name(self, code: str) -> str:
        row = self.known.get(code)
        index = self.asked.index
        if row is None and index is not None and code in index.by_code:
            return f"{index.by_code[code].name} ({code})"
        return f"{row.label} ({code})" if row else code


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
