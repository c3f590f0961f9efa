"""What a piece of news says to its reader: what happened, to which figures, and the way there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from geo.accounts.models import User
from geo.lib.grids import Change
from geo.submissions.kinds.registry import kind_of
from geo.submissions.models import (
    Act,
    Notice,
    Publication,
    Replacement,
    Submission,
    SubmissionEvent,
)
from geo.submissions.queries.counters import publications_told_of
from geo.submissions.queries.forms import Form
from geo.submissions.rules.reviewing import is_reviewer, may_open
from geo.submissions.rules.sentences import label_of
from geo.submissions.rules.showing import shown

# So many figures of a counter-entry are told in the news; its page has them all.
MOST_FIGURES = 5
# What happens to a counter-entry is not said as if its reader had sent something.
OF_COUNTER: dict[str, Promise] = {
    Act.SENT: gettext_lazy("counter-entry waits to be decided about"),
    Act.COMMENTED: gettext_lazy("counter-entry commented on"),
    Act.RETURNED: gettext_lazy("counter-entry returned"),
    Act.APPROVED: gettext_lazy("counter-entry approved"),
    Act.WITHDRAWN: gettext_lazy("counter-entry taken back"),
}
# What others did to figures of the submission, as ``event.replacement`` holds it.
BY_OTHERS = (Act.REPLACED, Act.RESTORED)
# What leads to the page of those who decide.
TO_DECIDE = (Act.SENT, Act.WITHDRAWN)


@dataclass(frozen=True)
class News:
    """One notice as ``reader`` finds it; ``publication`` is what its event made public."""

    notice: Notice
    reader: User
    publication: Publication | None = None

    @property
    def event(self) -> SubmissionEvent:
        return self.notice.event

    @property
    def submission(self) -> Submission:
        return self.event.submission

    @property
    def is_read(self) -> bool:
        return self.notice.read_at is not None

    @property
    def headline(self) -> str:
        """What happened, in few words."""
        if self.submission.counter_to_id and self.event.act in OF_COUNTER:
            return str(OF_COUNTER[self.event.act])
        return self.event.get_act_display()

    @property
    def for_reviewer(self) -> bool:
        """Whether the way leads to the page on which it is decided about."""
        is_own = self.reader.pk == self.submission.created_by_id
        return (
            self.event.act in TO_DECIDE and not is_own and is_reviewer(self.submission, self.reader)
        )

    @property
    def words(self) -> str:
        """What the headline leaves open, as a sentence; mostly nothing."""
        if self.event.act == Act.COUNTERED and self.publication:
            return self._countered(self.publication.submission)
        if self.replacement is not None:
            return self._replaced(self.replacement.publication.submission)
        if self.event.act == Act.SENT and self.submission.counter_to_id:
            return self._to_be_countered()
        if self.event.act == Act.APPROVED and not self.submission.counter_to_id:
            return " ".join(part for part in (self._sender(), self._left_out()) if part)
        return ""

    def _countered(self, counter: Submission) -> str:
        text = _(
            "%(counter)s, a counter-entry that %(maker)s made and %(by)s approved, took back what "
            "%(number)s published. What stood before stands again."
        )
        facts = {"counter": counter.number, "number": self.submission.number}
        return text % {
            **facts,
            "maker": counter.created_by,
            "by": self.event.by_name,
        }

    def _replaced(self, other: Submission) -> str:
        if self.event.act == Act.RESTORED:
            text = _(
                "%(by)s took back what %(number)s had published. The figures that were sent for "
                "%(area)s stand again."
            )
        else:
            text = _(
                "%(number)s, which %(maker)s brought in and %(by)s approved, replaced figures that "
                "were sent for %(area)s."
            )
        facts = {"number": other.number, "maker": other.created_by, "by": self.event.by_name}
        return text % {**facts, "area": self.submission.area}

    def _to_be_countered(self) -> str:
        counter = self.submission
        first = counter.counter_to.submission.number if counter.counter_to else ""
        text = _(
            "%(maker)s asks to take back what %(first)s published. Until somebody else has decided "
            "at %(office)s, all stays as it is."
        )
        facts = {"maker": counter.created_by, "office": counter.dataset.office}
        return text % {**facts, "first": first}

    def _sender(self) -> str:
        """Who brought it in, where it was not the reader."""
        sender = self.submission.created_by
        if sender.pk == self.reader.pk:
            return ""
        return _("Brought in by %(who)s.") % {"who": sender}

    def _left_out(self) -> str:
        n = len(self.publication.left_out) if self.publication else 0
        if not n:
            return ""
        text = ngettext(
            "%(n)s row was left out and returned: it comes as a number of its own.",
            "%(n)s rows were left out and returned: they come as a number of their own.",
            n,
        )
        return text % {"n": n}

    @property
    def replacement(self) -> Replacement | None:
        """Which figures others replaced, or made stand again."""
        return self.event.replacement if self.event.act in BY_OTHERS else None

    @cached_property
    def changes(self) -> Sequence[Change]:
        """Figures that a counter-entry or the submission of others changed."""
        if self.replacement is not None:
            return [Change(*one) for one in self.replacement.changes]
        if self.event.act != Act.COUNTERED or self.publication is None:
            return []
        return [Change(*one) for one in self.publication.changes]

    @property
    def figures(self) -> list[str]:
        """The first of them, as they were and as they are."""
        if not self.changes:
            return []
        about = self.submission
        form = Form(about.dataset, about.period, about.area, about.is_demo)
        columns = {one.code: one for one in kind_of(about.dataset).columns(form)}
        return [
            f"{one.label}, {label_of(columns[one.column])}: "
            f"{shown(one.old, columns[one.column]) or '–'} → "
            f"{shown(one.new, columns[one.column]) or '–'}"
            for one in self.changes[:MOST_FIGURES]
            if one.column in columns
        ]

    @property
    def n_more(self) -> int:
        return max(len(self.changes) - MOST_FIGURES, 0)

    @property
    def cause(self) -> Submission | None:
        """What took the submission back or replaced its figures, where the reader may open it."""
        if self.replacement is not None:
            other = self.replacement.publication.submission
            return other if may_open(other, self.reader) else None
        is_done = self.event.act == Act.COUNTERED and self.publication is not None
        return self.publication.submission if is_done and self.publication else None


def read_news(notices: Iterable[Notice], reader: User) -> list[News]:
    """Put beside each notice what its event made public."""
    told = list(notices)
    made: Mapping[int, Publication] = publications_told_of([one.event for one in told])
    return [News(one, reader, made.get(one.event_id)) for one in told]
