"""Triggers that keep history: nobody changes or deletes a row, whoever asks.

They are declared like those of pgtrigger and travel in its migrations, but run
functions of our own (migration ``history_is_kept``): pgtrigger's may be switched
off by a setting of the session, which any SQL of the application could make.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pgtrigger


class _Changes(pgtrigger.Condition):
    """That a column changes, some of which may be set ``once``, from null, or are ``free``.

    As a condition of the trigger, so that the database need not call a function
    for each of the thousands of rows that end when others are published.
    """

    def __init__(self, once: Sequence[str], free: Sequence[str], only_if: str) -> None:
        self.once, self.free, self.only_if = once, free, only_if

    def resolve(self, model: Any) -> str:
        parts = []
        for field in model._meta.concrete_fields:
            # What the database computes follows from the rest, and is not known yet.
            if field.generated or field.name in self.free:
                continue
            # As text, for a restored backup knows no "equals" of geometries yet.
            cast = "::text" if hasattr(field, "geom_type") else ""
            changes = f'OLD."{field.column}"{cast} IS DISTINCT FROM NEW."{field.column}"{cast}'
            if field.name in self.once:
                changes = f'(OLD."{field.column}" IS NOT NULL AND {changes})'
            parts.append(changes)
        changed = " OR ".join(parts)
        return f"({self.only_if} AND ({changed}))" if self.only_if else f"({changed})"


class _Kept(pgtrigger.Trigger):
    """A trigger that runs a function of ours instead of one written by pgtrigger."""

    # pgtrigger asks for a body; nothing ever calls it.
    func = "RETURN NULL;"
    function = "history_is_kept()"

    def render_execute(self, model: Any) -> str:
        return self.function


class NoUpdate(_Kept):
    """Rows stay as they were written.

    Parameters
    ----------
    once
        Fields that may be set once, from null: the moment when a row ended.
    free
        Fields that are no history and may change.
    only_if
        SQL; refuse only where it holds, such as once a row is sealed.
    """

    def __init__(
        self, *, name: str, once: Sequence[str] = (), free: Sequence[str] = (), only_if: str = ""
    ) -> None:
        super().__init__(
            name=name,
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=_Changes(once, free, only_if),
        )


class NoDeletion(_Kept):
    """Rows are never deleted; ``only_if`` is SQL, and without it that holds for all."""

    def __init__(self, *, name: str, only_if: str = "") -> None:
        super().__init__(
            name=name,
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            condition=pgtrigger.Condition(only_if) if only_if else None,
        )


class OnlyDemoDeletion(_Kept):
    """Rows are deleted only if their ``source_id`` is one of demonstration data."""

    function = "history_goes_only_if_demo()"

    def __init__(self, *, name: str) -> None:
        super().__init__(
            name=name,
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(old="gone"),
        )
