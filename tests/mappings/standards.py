"""Write documents as messages of EDIFACT and X12, check them as they leave, read them back.

What the promises are the same for is tested for both by `ways`; what a standard has no place for
is in its strategies: `EDIFACT` and `X12` say what their texts, items, prices and parties may be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.faults import Fault, sentence
from canonical.identifiers import Identifier, Reference
from canonical.order import Item
from canonical.party import Address, Contact, Party
from canonical.price import Price, PriceBreak
from canonical.wire import Credential, CredentialRole, Dialect, Envelope, Payload
from edi.edifact.codec import EdifactCodec
from edi.x12.codec import X12Codec
from edi.x12.dialect import GROUPS
from mappings.engine.library import Mapped
from tests.mappings.workbench import SHIPPED

NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Sent:
    """Hold a document on its way: the segments of the message, and what they read back as."""

    segments: list[str]
    document: Document | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, repr=False)
class Standard:
    """Be one of the two standards: how it is written and read, and what it has a place for."""

    name: str
    codec: EdifactCodec | X12Codec
    editions: tuple[str, ...]
    credentials: tuple[tuple[str, str], tuple[str, str]]
    segments: Callable[[str], list[str]]
    """Part the text of an interchange into the segments that tests look at."""
    enclosed: Callable[[str, str], str]
    """Put segments of a kind of message into an interchange."""
    words: st.SearchStrategy[str]
    """Texts with what separates in the standard, blanks in a row as one: so reading has it."""
    ids: st.SearchStrategy[str]
    times: st.SearchStrategy[datetime]
    items: st.SearchStrategy[Item]
    prices: st.SearchStrategy[Price]
    parties: st.SearchStrategy[Party]

    def __repr__(self) -> str:
        """Return its name: what it is made of says nothing of a failure."""
        return self.name

    def sent(self, document: Document, name: str, edition: str | None = None) -> Sent:
        """Write a document, hold it against the tables, and read it again."""
        dialect = Dialect(versions={"*": edition or self.editions[0]})
        writer = SHIPPED.writer(self.name, type(document), name)
        assert writer is not None, f"nothing writes {type(document).__name__} as {name}"
        written = writer.write(document, layout=self.codec.layout(name, dialect))
        assert written.markup is not None, [sentence(one) for one in written.faults]
        payload = self.codec.write(written.markup, self._envelope(), dialect)
        self._allowed(payload, name, dialect)
        (message,) = self.codec.read(payload.content, payload.media_type).messages
        assert message.name == name
        reader = SHIPPED.reader(self.name, name)
        assert reader is not None
        mapped = reader.read(message)
        segments = self.segments(payload.content.decode("latin-1"))
        return Sent(segments, mapped.document, (*written.faults, *mapped.faults))

    def back(self, document: Document, name: str, edition: str | None = None) -> Document | None:
        """Return what a document is after writing and reading; nothing may be found on the way."""
        result = self.sent(document, name, edition)
        assert not result.faults, [sentence(one) for one in result.faults]
        return result.document

    def read(self, body: str, kind: str, **context: str) -> Mapped:
        """Read one message by its segments; nothing may be wrong with its syntax."""
        content = self.enclosed(body.replace("\n", "").replace("    ", ""), kind)
        (message,) = self.codec.read(content.encode("latin-1"), self.codec.media_type).messages
        assert not message.faults, [sentence(one) for one in message.faults]
        reader = SHIPPED.reader(self.name, message.name)
        assert reader is not None, f"nothing reads {message.name}"
        return reader.read(message, **context)

    def _envelope(self) -> Envelope:
        roles = (CredentialRole.FROM, CredentialRole.TO)
        return Envelope(
            message_id="4711",
            sent_at=NOW,
            credentials=tuple(
                Credential(role=role, domain=domain, identity=identity)
                for role, (domain, identity) in zip(roles, self.credentials, strict=True)
            ),
        )

    def _allowed(self, payload: Payload, name: str, dialect: Dialect) -> None:
        wrong = [sentence(one) for one in self.codec.check(payload, name, dialect)]
        assert not wrong, (wrong, payload.content)


@dataclass(frozen=True)
class Way:
    """Be one message of one edition that a document travels as."""

    standard: Standard
    name: str
    edition: str

    def back(self, document: Document) -> Document | None:
        """Return what a document is after this way."""
        return self.standard.back(document, self.name, self.edition)

    def __str__(self) -> str:
        """Return how a test is called that goes this way."""
        return f"{self.name}-{self.edition}"


def ways(**names: str) -> pytest.MarkDecorator:
    """Run a test for each edition of a message: `ways(edifact="INVOIC", x12="810")`."""
    found = [
        Way(standard, names[standard.name], edition)
        for standard in (EDIFACT, X12)
        if standard.name in names
        for edition in standard.editions
    ]
    return pytest.mark.parametrize("way", found, ids=str)


def codes(mapped: Mapped | Sent) -> list[str]:
    """Return the codes of what was found."""
    return [one.code for one in mapped.faults]


def texts(alphabet: str) -> st.SearchStrategy[str]:
    """Return texts of an alphabet, blanks in a row as one."""
    found = st.text(alphabet, min_size=1, max_size=20).map(lambda text: f"x{text}x")
    return found.map(lambda text: " ".join(text.split()))


def moments(most: int, unit: timedelta) -> st.SearchStrategy[datetime]:
    """Return moments since 2000 in steps of what a standard can tell."""
    start = datetime(2000, 1, 1, tzinfo=UTC)
    return st.integers(0, most).map(lambda steps: start + steps * unit)


def parties(
    names: st.SearchStrategy[str | None],
    words: st.SearchStrategy[str],
    regions: st.SearchStrategy[str | None],
) -> st.SearchStrategy[Party]:
    """Return companies with all that both standards have a place for."""
    return st.builds(
        Party,
        name=names,
        identifiers=st.sampled_from([
            (Identifier(value="7309876543210", scheme="GLN"),),
            (Identifier(value="123456789", scheme="DUNS"),
             Identifier(value="SE5561", scheme="VAT")),
            (Identifier(value="K 17", scheme="SupplierAssigned"),),
        ]),
        address=st.none() | st.builds(
            Address,
            street=st.lists(words, min_size=1, max_size=4).map(tuple),
            postal_code=st.none() | st.just("411 01"),
            city=st.none() | words,
            region=regions,
            country=st.none() | st.sampled_from(["SE", "NO"]),
        ),
        contact=st.none() | st.builds(
            Contact, name=words, email=st.none() | st.just("a.b@c.example"),
            telephone=st.none() | st.just("+46 31 1"), role=st.none() | st.just("PD"),
        ),
    )  # fmt: skip


UNITS = st.sampled_from(["C62", "MTR", "KGM"])
AMOUNTS = st.decimals("0.01", "99999", places=2)
GTINS = st.sampled_from(["7350053850019", "07350053850019", "96385074"])
DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
QUANTITIES = st.builds(Quantity, value=st.decimals("0", "9999", places=3), unit=UNITS)
MONEY = st.builds(Money, amount=AMOUNTS, currency=st.just("SEK"))
NUMBERS = st.sampled_from(["1", "20", "300000"])
BREAKS = (
    PriceBreak(minimum=Decimal(10), amount=Decimal("9.5")),
    PriceBreak(minimum=Decimal(20), amount=Decimal(9)),
)
REFERENCES = st.sampled_from([
    (),
    (Reference(kind="contract", value="AV?1"), Reference(kind="requisition", value="R-1")),
    (Reference(kind="quote", value="Q'1"), Reference(kind="AAN", value="17")),
])  # fmt: skip

_EDIFACT_WORDS = texts("abcåöÅ +:'?*^~19&<")
_EDIFACT_IDS = st.text("ABC-/123?'+:", min_size=1, max_size=17)
EDIFACT = Standard(
    name="edifact",
    codec=EdifactCodec(),
    editions=("D.96A", "D.01B"),
    credentials=(("14", "7309876543210"), ("14", "7301234567890")),
    segments=lambda text: text.split("'"),
    enclosed=lambda body, kind: (
        "UNB+UNOC:3+7309876543210:14+7301234567890:14+261122:0705+4711'"
        f"UNH+1+{kind}'{body}UNT+{body.count(chr(39)) + 2}+1'UNZ+1+4711'"
    ),
    words=_EDIFACT_WORDS,
    ids=_EDIFACT_IDS,
    times=moments(30_000_000, timedelta(minutes=1)),
    items=st.builds(
        Item,
        sku=st.none() | _EDIFACT_IDS,
        buyer_sku=st.none() | _EDIFACT_IDS,
        gtin=st.none() | GTINS,
        manufacturer_sku=st.none() | _EDIFACT_IDS,
    ),
    prices=st.builds(
        Price,
        amount=AMOUNTS,
        currency=st.just("SEK"),
        base_quantity=st.sampled_from([Decimal(1), Decimal(100)]),
        list_amount=st.none() | AMOUNTS,
    ),
    parties=parties(st.none() | _EDIFACT_WORDS, _EDIFACT_WORDS, st.none() | st.just("Skåne")),
)

_X12_WORDS = texts("abcåöÅ +:'?19&<")
_X12_IDS = st.text("ABC-/123?'+:", min_size=2, max_size=17)
X12 = Standard(
    name="x12",
    codec=X12Codec(),
    editions=("004010", "005010"),
    credentials=(("ZZ", "SUPPLIERCORP"), ("ZZ", "BUYERCORP")),
    segments=lambda text: text.split("~")[2:-3],
    enclosed=lambda body, kind: (
        "ISA*00*          *00*          *ZZ*BUYERCORP      *ZZ*SUPPLIERCORP   *261122*0705*U*00401"
        "*000004711*0*P*>~"
        f"GS*{GROUPS[kind]}*BUYERCORP*SUPPLIERCORP*20261122*0705*4711*X*004010~"
        f"ST*{kind}*0001~{body}SE*{body.count('~') + 2}*0001~GE*1*4711~IEA*1*000004711~"
    ),
    words=_X12_WORDS,
    ids=_X12_IDS,
    times=moments(1_800_000_000, timedelta(seconds=1)),
    items=st.builds(
        Item,
        sku=st.none() | _X12_IDS,
        buyer_sku=st.none() | _X12_IDS,
        gtin=st.none() | GTINS | st.just("735005385001"),
        manufacturer=st.none() | _X12_IDS,
        manufacturer_sku=st.none() | _X12_IDS,
    ).filter(lambda item: item != Item()),
    prices=st.builds(
        Price,
        amount=AMOUNTS,
        currency=st.just("SEK"),
        base_quantity=st.sampled_from([Decimal(1), Decimal(100), Decimal(1000), Decimal(7)]),
        unit=st.none() | st.just("SET"),
        list_amount=st.none() | AMOUNTS,
    ),
    parties=parties(_X12_WORDS, _X12_WORDS, st.none() | st.sampled_from(["IL", "Skåne"])),
)


def with_breaks(prices: st.SearchStrategy[Price]) -> st.SearchStrategy[Price]:
    """Return prices, some of which fall from a quantity on."""
    return prices | prices.map(lambda price: replace(price, breaks=BREAKS))


def places(standard: Standard) -> st.SearchStrategy[Address]:
    """Return where goods go to: name, number, people and a postal address."""
    return st.builds(
        Address,
        address_id=st.just("7300030000005"),
        scheme=st.just("GLN"),
        name=standard.words,
        deliver_to=st.lists(standard.words, max_size=4).map(tuple),
        street=st.lists(standard.words, max_size=4).map(tuple),
        city=st.none() | standard.words,
        postal_code=st.none() | st.just("411 01"),
    )
