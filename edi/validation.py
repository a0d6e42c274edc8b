"""Validate the messages of one directory: fast where they are right, exact where they are not.

This is what codecs use. A message (`edi.text.Slice`) becomes its tree and its faults, and a tree
there always is: what has no place in the table is kept where it stood. Whether a message may go on
with its faults is for their severities to say, not for this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from canonical.faults import Fault
from canonical.rows import Branch, Lined, Row, root_of
from edi.checking.check import Check, strictness_of
from edi.checking.demanded import Demanded
from edi.explaining.explainer import Explainer
from edi.explaining.telling import Subjects
from edi.guides import Guide
from edi.locating import Locator
from edi.overlay import Overlaid, edition_in, overlaid
from edi.rules import Rules, Severities, Syntax
from edi.schema import Directory
from edi.shaping import Growth, Shaper
from edi.striding import Strides
from edi.text import Slice
from edi.walking import Node, Plan
from edi.weighing import severities_of


@dataclass(slots=True)  # never changed; frozen ones cost more to make, and there is one a message
class Validated:
    """Hold the tree of a message, or the message by its lines, and everything wrong with it."""

    shape: Branch | Lined = field(repr=False)
    faults: tuple[Fault, ...] = ()

    @property
    def root(self) -> Branch:
        """Return the whole tree."""
        return root_of(self.shape)


class Validation:
    """Validate messages by one set of rules; what is compiled for that is kept."""

    def __init__(self, rules: Rules, subjects: Subjects | None = None) -> None:
        self.rules: Final = rules
        self._subjects = subjects

    @cached_property
    def check(self) -> Check:
        """Return the compiled check."""
        return Check.of(self.rules, self.plan)

    @cached_property
    def plan(self) -> Plan:
        """Return the table as places."""
        return Plan(self.rules.table)

    @cached_property
    def demanded(self) -> Demanded:
        """Return what a guide demands by qualifiers, to be asked of what the check accepts."""
        return Demanded.of(self.rules, strictness_of(self.rules))

    @cached_property
    def _shaper(self) -> Shaper:
        return Shaper(self.plan, self.check.letter)

    def read(self, piece: Slice) -> Validated:
        """Return the tree of a message that is there as a whole, and its faults."""
        rows = piece.rows()
        letters = self.check.accepted(piece.text, rows)
        if letters is not None:
            if not self.demanded:
                return Validated(self._shaper.lined(rows, letters))
            root = self._shaper.shape(rows, letters)
            if self.demanded.content(root):
                return Validated(root)
        return self._explained(piece, rows)

    def doubtful(self, piece: Slice) -> bool | frozenset[int]:
        """Return the segments whose elements have to be looked at, True for all of them."""
        check = self.check
        return True if check.placed else check.suspects(piece.text)

    def _explained(self, piece: Slice, rows: list[Row]) -> Validated:
        explainer = Explainer(self.rules, self.plan, self._subjects)
        nodes = explainer.look(rows, Locator(piece), piece.restored, elements=self.doubtful(piece))
        growth = Growth(rows[0] if rows else [""])
        closed = bool(rows) and rows[-1][0] == self.rules.syntax.trailer
        end = len(rows) - 1 if closed else len(rows)
        growth.add(rows[1:end], nodes[1:end])
        return Validated(growth.root, explainer.faults)

    @cached_property
    def strides(self) -> Strides:
        """Return the kinds of lines that were met."""
        return Strides(self.plan, self.check.letter)

    def long(self) -> "LongValidation":
        """Return a validation of one message that comes in several slices."""
        return LongValidation(self, Explainer(self.rules, self.plan, self._subjects))


class LongValidation:
    """Validate a message that is too long to be held: slice by slice, keeping none."""

    def __init__(self, validation: Validation, explainer: Explainer) -> None:
        self._validation = validation
        self._check = validation.check
        self._strides = validation.strides
        self._explainer = explainer

    def look(self, piece: Slice, rows: Sequence[Row]) -> list[Node | None]:
        """Look at the next slice, given with its rows; return the place of each segment."""
        right = not self._check.placed and self._check.elements(piece.text)
        stride = right and not self._validation.demanded
        letters = self._check.letters(rows) if stride else None
        nodes: list[Node | None] = []
        if letters is not None:
            self._stride(letters, rows, piece, nodes)
        done = len(nodes)
        doubtful = False if right else self._validation.doubtful(piece)
        return nodes + self._explainer.look(
            rows[done:], Locator(piece), piece.restored, elements=doubtful
        )

    def _stride(
        self, letters: str, rows: Sequence[Row], piece: Slice, nodes: list[Node | None]
    ) -> None:
        """Take line after line, until one is not regular."""
        bounds = [0, *(match.start() for match in self._strides.cut.finditer(letters))]
        for start, end in pairwise([*bounds, len(letters)]):
            if start == end:
                continue
            stride = self._strides.get(letters[start:end])
            if stride is not None and self._explainer.stride(stride):
                nodes += stride.nodes
            elif start == 0 or self._explainer.regular(rows[start:end]):
                nodes += self._explainer.look(
                    rows[start:end], Locator(piece), piece.restored, elements=False
                )
            else:
                return

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return everything found so far."""
        return self._explainer.faults


@dataclass(frozen=True, slots=True)
class Profile:
    """Say what a partner has otherwise: the name of a guide, and words on severities by code."""

    guide: str = ""
    severities: tuple[tuple[str, str], ...] = ()


PLAIN: Final = Profile()


def validations(
    directory: Directory, syntax: Syntax, subjects: Subjects, guide: Guide | None, profile: Profile
) -> "Validations":
    """Return what validates an edition for a partner; a guide of another edition does not count."""
    fits = guide is not None and guide.edition == edition_in(directory)
    guided = overlaid(directory, guide, syntax) if guide is not None and fits else None
    severities = severities_of(dict(profile.severities))
    return Validations(directory, syntax, severities, subjects, guided)


def astray(guide: Guide | None, name: str, edition: str, editions: Iterable[str]) -> Guide | None:
    """Return a guide that speaks of a message, but of another edition of it: it does nothing.

    One that is made for none of the `editions` here is one of another syntax.
    """
    if guide is None or guide.edition == edition or guide.edition not in editions:
        return None
    return guide if guide.speaks_of(name) else None


class Validations:
    """Hold the validations of all messages of a directory, each made when it is first asked for."""

    def __init__(
        self,
        directory: Directory,
        syntax: Syntax,
        severities: Severities | None = None,
        subjects: Subjects | None = None,
        guided: Overlaid | None = None,
    ) -> None:
        """Take what rules; `guided` is the directory under a partner's guide, in its place."""
        self._directory = directory if guided is None else guided.directory
        self._guided = guided
        self._syntax = syntax
        self._severities: Severities = severities or {}
        self._subjects = subjects
        self._made: dict[str, Validation] = {}

    def get(self, name: str) -> Validation | None:
        """Return the validation of a message, None where the directory does not have it."""
        made = self._made.get(name)
        if made is None and name in self._directory.messages:
            rules = self._rules(name)
            made = self._made[name] = Validation(rules, self._subjects)
        return made

    def _rules(self, name: str) -> Rules:
        table, guided, severities = self._directory.messages[name], self._guided, self._severities
        if guided is not None:
            severities = {**guided.severities(name), **severities}
        layers = None if guided is None else guided.layer(name)
        return Rules(table, self._directory, self._syntax, severities, layers)
