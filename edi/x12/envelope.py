"""Read the segments around the messages of X12: ISA, GS, ST, SE, GE, IEA.

Nothing is released in X12, so a segment is split and that is all. Numbers are compared as numbers:
many systems write `1` in IEA for `000000001` in ISA. What else is known of the elements stands in
our tables, which an installation may do without.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from canonical.faults import Fault
from canonical.rows import Row
from canonical.wire import Envelope
from edi.cutting import Kind, Token
from edi.enveloping import Ending, Words, instant, parties, untold
from edi.faults import Kind as Wrong
from edi.rules import X12
from edi.text import X12 as SEPARATORS
from edi.text import Separators, protecting
from edi.units import Group, Interchange
from edi.x12.dialect import GROUPS
from edi.x12.editions import available, edition, release_of
from edi.x12.faults import fault
from edi.x12.names import names
from edi.x12.separators import REPEATING

_LENGTHS: Final = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
"""How long each element of ISA is."""
_PADDED: Final = {2: 10, 4: 10, 6: 15, 8: 15}
"""The elements of ISA that blanks fill; two of them may be all blanks."""
_BLANK: Final = frozenset({2, 4})

VERSIONS: Final = ("00304", "00801")
"""The first and the last version in ISA12 that is known."""

_REQUIRED: Final = {Kind.INTERCHANGE: (6, 8, 9, 10, 12, 13), Kind.GROUP: (1, 6, 8)}
_MISSING: Final = {Kind.INTERCHANGE: "X12-012", Kind.GROUP: "X12-036"}

_SHORT: Final = f"X12-{Wrong.SHORT}"
_PROTECTING: Final = protecting(SEPARATORS)
_NUMBER: Final = 30
"""How many digits of two numbers are compared."""

_INVALID: Final[Mapping[str, str]] = {
    "ISA/01": "TA1:010",
    "ISA/02": "TA1:011",
    "ISA/03": "TA1:012",
    "ISA/04": "TA1:013",
    "ISA/05": "TA1:005",
    "ISA/06": "TA1:006",
    "ISA/07": "TA1:007",
    "ISA/08": "TA1:008",
    "ISA/09": "TA1:014",
    "ISA/10": "TA1:015",
    "ISA/11": "TA1:016",
    "ISA/12": "TA1:017",
    "ISA/13": "TA1:018",
    "ISA/14": "TA1:019",
    "ISA/15": "TA1:020",
    "ISA/16": "TA1:027",
    "GS/01": "AK905:1",
    "GS/06": "AK905:6",
    "GS/08": "AK905:2",
    "GE/01": "AK905:5",
    "GE/02": "AK905:4",
    "IEA/01": "TA1:021",
    "IEA/02": "TA1:001",
}
"""What TA1 (I18) and AK9 (716) say of an element that is not as it has to be."""


def standard(path: str, wrong: Wrong | None = None) -> str:  # noqa: ARG001 -- the place tells it
    """Return the standard's own code for what is wrong at a path of the envelope."""
    return _INVALID.get(path, "TA1:024")


def same(one: str, other: str) -> bool:
    """Tell whether two control numbers are the same, whatever zeros stand before them."""
    one, other = one[:_NUMBER], other[:_NUMBER]
    return one == other or (one.isdecimal() and other.isdecimal() and int(one) == int(other))


def type_of(name: str) -> str:
    """Return what a group of such messages is called in GS01; empty for what is not known."""
    return GROUPS.get(name, "")


_ELEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "ISA": (
        "I01", "I02", "I03", "I04", "I05", "I06", "I05", "I07",
        "I08", "I09", "I65", "I11", "I12", "I13", "I14", "I15",
    ),
    "GS": ("479", "142", "124", "373", "337", "28", "455", "480"),
    "ST": ("143", "329"),
    "SE": ("96", "329"),
    "GE": ("97", "28"),
    "IEA": ("I16", "I12"),
}  # fmt: skip
"""What stands in the envelope, by the ids of the elements."""


def element_of(path: str) -> str:
    """Return the id of the element at a path of the envelope, empty for a whole segment."""
    tag, _, number = path.partition("/")
    known = _ELEMENTS.get(tag, ())
    at = int(number) if number.isdecimal() else 0
    return known[at - 1] if 0 < at <= len(known) else ""


WORDS: Final = Words(
    syntax=X12,
    fault=fault,
    tags={
        Kind.INTERCHANGE: "ISA",
        Kind.ANSWER: "TA1",
        Kind.GROUP: "GS",
        Kind.MESSAGE: "ST",
        Kind.MESSAGE_END: "SE",
        Kind.GROUP_END: "GE",
        Kind.INTERCHANGE_END: "IEA",
    },
    endings={
        Kind.INTERCHANGE_END: Ending("01", "02", "016", "017"),
        Kind.GROUP_END: Ending("01", "02", "018", "019"),
        Kind.MESSAGE_END: Ending("01", "02", "020", "021"),
    },
    reference=2,
    standard=standard,
    subjects=names(),
    source="X12.5/X12.6",
    element_of=element_of,
    foreign=re.compile(rb"\bUNB([^\w\s])UN[A-Z]{2}[^\w\s][1-4]\1"),
    same=same,
    type_of=type_of,
)
RESTORED: Final = WORDS.restored
"""What gives back data that looked like a separator, in any message of X12."""


def row_of(token: Token) -> Row:
    """Return a segment of the envelope in the spelling that all share: all in it is data."""
    own = token.separators
    text = token.raw.decode("latin-1").strip("\r\n\t ").removesuffix(own.terminator)
    return [part.strip().translate(_PROTECTING) for part in text.split(own.element)]


def missing(row: Row, token: Token, number: int) -> Iterator[Fault]:
    """Give a fault for each element of a header that must be there and is not."""
    for element in _REQUIRED[token.kind]:
        if not WORDS.value(row, element):
            path = _path(token, element)
            place = WORDS.place(token, number, element, path=path)
            code = _MISSING[token.kind]
            yield fault(code, place=place, expected=path, standard=standard(path))


def oddities(token: Token, row: Row, interchange: int, version: str) -> Iterator[Fault]:
    """Give what is wrong with the elements of a segment by the tables of a release, if any.

    Zeros and blanks that lack in ISA and IEA harm nobody.
    """
    release = release_of(version)
    if release in available():
        tables = edition(release)
        known = tables.segment(WORDS.tags[token.kind])
        found = () if known is None else WORDS.odd(token, interchange, row, known, tables.source)
        for one in found:
            if token.kind is Kind.GROUP or one.code != _SHORT:
                yield one


def interchange_of(token: Token, number: int) -> tuple[Interchange, tuple[Fault, ...]]:
    """Return what ISA says, and what is wrong with it."""
    row = row_of(token)
    values = [WORDS.value(row, element) for element in range(len(_LENGTHS) + 1)]
    sent_at = instant(values[9], values[10])
    found = list(missing(row, token, number))
    if sent_at is None and values[9]:
        wrong = 9 if instant(values[9], "") is None else 10
        path = _path(token, wrong)
        place = WORDS.place(token, number, wrong, path=path)
        found.append(fault("X12-025", place=place, found=values[wrong], standard=standard(path)))
    version = values[12]
    if version and not _is_known(version):
        place = WORDS.place(token, number, 12, path=_path(token, 12))
        found.append(fault("X12-014", place=place, found=version))
    padded = _padded(token)
    if not padded:
        found.append(fault("X12-013", place=WORDS.place(token, number)))
    found += untold(_odd_header(token, row, number, version), found)
    envelope = Envelope(
        message_id=values[13],
        sent_at=sent_at,
        credentials=parties((values[5], values[6]), (values[7], values[8]), values[4]),
        version=version or None,
        test=values[15] == "T",
        acknowledge=values[14] == "1",
    )
    return Interchange(number, envelope, token.separators), tuple(found)


def _is_known(version: str) -> bool:
    return version.isdecimal() and VERSIONS[0] <= version <= VERSIONS[1]


def _odd_header(token: Token, row: Row, number: int, version: str) -> Iterator[Fault]:
    """Give what is wrong with the elements of ISA.

    What ISA11 is changed with the version that brought repetitions; nothing else did.
    """
    filled = [
        value.ljust(_PADDED.get(at, 0)) if value or at in _BLANK else value
        for at, value in enumerate(row)
    ]
    release = "005010" if version >= REPEATING else "004010"
    return oddities(token, filled, number, release)


def _path(token: Token, element: int) -> str:
    return WORDS.path(token.kind, f"{element:02}")


def _padded(token: Token) -> bool:
    parts = token.raw.decode("latin-1").split(token.separators.element)[1:]
    lengths = tuple(map(len, parts[:-1]))
    return lengths == _LENGTHS[:-1]


def bare(number: int, separators: Separators) -> Interchange:
    """Return what stands for the interchange of groups or messages that have none around them."""
    return Interchange(number, Envelope(message_id=""), separators, bare=True)


def group_of(token: Token, interchange: int, number: int) -> tuple[Group, tuple[Fault, ...]]:
    """Return what GS says, and what is wrong with it."""
    row = row_of(token)
    value = WORDS.value
    group = Group(value(row, 6), number, kind=value(row, 1), version=value(row, 8))
    found = list(missing(row, token, interchange))
    found += untold(oddities(token, row, interchange, group.version), found)
    return group, tuple(found)
