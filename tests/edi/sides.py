"""Hold what one test says of both syntaxes: an order in each, and what reads and writes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pytest

from canonical.faults import Fault
from canonical.wire import Credential, CredentialRole, Envelope, Message
from edi.codec import AnyReader
from edi.dialect import SegmentDialect
from edi.edifact.codec import EdifactCodec
from edi.edifact.dialect import EdifactDialect
from edi.edifact.reader import Reader as EdifactReader
from edi.units import Arrived, Unit
from edi.x12.codec import X12Codec
from edi.x12.dialect import X12Dialect
from edi.x12.reader import Reader as X12Reader

UNB: Final = "UNB+UNOC:3+7301234567890:14+7309876543210:14+261121:0830+REF1'"
ISA: Final = (
    "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       *261121*0830*U*00401"
    "*000000101*0*P*>~"
)


def edifact(*bodies: str) -> bytes:
    text = UNB
    for number, body in enumerate(bodies, start=1):
        text += f"UNH+{number}+ORDERS:D:96A:UN'{body}UNT+{body.count(chr(39)) + 2}+{number}'"
    return f"{text}UNZ+{len(bodies)}+REF1'".encode("latin-1")


def x12(*bodies: str) -> bytes:
    text = f"{ISA}GS*PO*BUYER*SUPPLIER*20261121*0830*101*X*004010~"
    for number, body in enumerate(bodies, start=1):
        text += f"ST*850*{number:04}~{body}SE*{body.count('~') + 2}*{number:04}~"
    return f"{text}GE*{len(bodies)}*101~IEA*1*000000101~".encode("latin-1")


def sent(sender: tuple[str, str], recipient: tuple[str, str]) -> Envelope:
    """Return the envelope of something of ours."""
    roles = ((CredentialRole.FROM, sender), (CredentialRole.TO, recipient))
    return Envelope(
        message_id="4711",
        sent_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
        credentials=tuple(
            Credential(role=role, domain=domain, identity=identity)
            for role, (domain, identity) in roles
        ),
    )


@dataclass(frozen=True)
class Side:
    """Hold one syntax: an order (`body`) and what is made wrong in it or around it."""

    codec: EdifactCodec | X12Codec
    dialect: type[SegmentDialect]
    reader: type[AnyReader]
    media: str
    name: str
    """The name of an order."""
    interchange: Callable[..., bytes]
    body: str
    line: str
    """A segment that may stand in the order as often as one likes, and what it stands before."""
    before: str
    quantity: tuple[str, str]
    """What is a number in it, and no number."""
    wrong: tuple[str, str, str]
    """The code of a quantity that is no number, its path, and the standard's own code."""
    count: tuple[tuple[bytes, bytes], tuple[bytes, bytes]]
    """What counts segments and messages, right and wrong."""
    control: tuple[str, str]
    """The numbers in what we sent, as given and as read back."""
    own: Envelope
    signs: tuple[bytes, ...]
    """Of what most of a file is made."""

    @property
    def prefix(self) -> str:
        """Return what fault codes of the syntax begin with."""
        return self.codec.syntax.prefix

    def bad(self) -> str:
        """Return the order with a quantity that is no number."""
        return self.body.replace(*self.quantity)

    def long(self, segments: int) -> str:
        """Return the order with so many more segments."""
        return self.body.replace(self.before, self.line * segments + self.before)

    def codes(self, faults: Iterable[Fault]) -> list[str]:
        """Return the numbers of faults."""
        return [one.code.removeprefix(f"{self.prefix}-") for one in faults]


EDIFACT: Final = Side(
    codec=EdifactCodec(),
    dialect=EdifactDialect,
    reader=EdifactReader,
    media="application/edifact",
    name="ORDERS",
    interchange=edifact,
    body="BGM+220+PO1+9'DTM+137:20261121:102'NAD+BY+7301234567890::9'NAD+SU+7309876543210::9'"
    "LIN+1++7350012345675:EN'QTY+21:100:PCE'UNS+S'",
    line="FTX+AAI+++x'",
    before="LIN",
    quantity=("21:100", "21:1OO"),
    wrong=("EDIFACT-122", "ORDERS/SG25[1]/QTY/C186/6060", "0085:37"),
    count=((b"UNT+9+1", b"UNT+8+1"), (b"UNZ+1", b"UNZ+2")),
    control=("4711", "4711"),
    own=sent(("14", "7309876543210"), ("14", "7301234567890")),
    signs=(b"UNA:+.? '", b"UNB+", b"UNH+", b"UNT+", b"UNZ+", b"UNG+", b"UNE+", b"'", b"?", b"+",
           b"\n", b" ", b"x", b"UNA|,.? ~", b"UNB,", b"UNB+UNOC:3", b"~"),
)  # fmt: skip
X12: Final = Side(
    codec=X12Codec(),
    dialect=X12Dialect,
    reader=X12Reader,
    media="application/edi-x12",
    name="850",
    interchange=x12,
    body="BEG*00*SA*PO1**20261121~PO1*1*100*EA*65.67**VP*584860-82~CTT*1~",
    line="MSG*x~",
    before="CTT",
    quantity=("*100*", "*1OO*"),
    wrong=("X12-122", "850/PO1[1]/PO1/02", "AK403:6"),
    count=((b"SE*5", b"SE*6"), (b"GE*1", b"GE*2")),
    control=("4711", "000004711"),
    own=sent(("ZZ", "SUPPLIER"), ("ZZ", "BUYER")),
    signs=(ISA.encode(), b"ISA*00*", b"GS*", b"ST*", b"SE*", b"GE*", b"IEA*", b"TA1*", b"~", b"*",
           b"\n", b"x"),
)  # fmt: skip

both = pytest.mark.parametrize("side", [EDIFACT, X12], ids=lambda side: side.codec.name)


def units(reader: type[AnyReader], content: str | bytes, **options: object) -> list[Unit]:
    raw = content if isinstance(content, bytes) else content.encode("latin-1")
    return list(reader([raw], **options))


def found(reader: type[AnyReader], content: str | bytes, **options: object) -> list[Fault]:
    """Return all faults in the order in which they are given."""
    every: list[Fault] = []
    for unit in units(reader, content, **options):
        if isinstance(unit, Fault):
            every.append(unit)
        elif isinstance(unit, Arrived):
            every += unit.faults
    return every


def arrived(reader: type[AnyReader], content: str | bytes, **options: object) -> list[Arrived]:
    """Return the messages in a file, or their parts."""
    return [unit for unit in units(reader, content, **options) if isinstance(unit, Arrived)]


def messages(units: Iterable[object]) -> list[Message]:
    """Return the messages that a stream gives."""
    return [unit for unit in units if isinstance(unit, Message)]
