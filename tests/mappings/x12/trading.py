"""Write documents as messages of either version, check them as they leave, read them back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.document import Document
from canonical.faults import Fault, sentence
from canonical.identifiers import Identifier
from canonical.order import Item
from canonical.party import Address, Contact, Party
from canonical.price import Price, PriceBreak
from canonical.wire import Credential, CredentialRole, Dialect, Envelope
from edi.x12.codec import X12Codec
from mappings.engine.library import Mapped
from tests.mappings.workbench import SHIPPED

CODEC = X12Codec()
VERSIONS = ("004010", "005010")
ENVELOPE = Envelope(
    message_id="4711",
    sent_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="ZZ", identity="SUPPLIERCORP"),
        Credential(role=CredentialRole.TO, domain="ZZ", identity="BUYERCORP"),
    ),
)
START = (
    "ISA*00*          *00*          *ZZ*BUYERCORP      *ZZ*SUPPLIERCORP   *261122*0705*U*00401"
    "*000004711*0*P*>~GS*XX*BUYERCORP*SUPPLIERCORP*20261122*0705*4711*X*004010~"
)


@dataclass(frozen=True)
class Sent:
    """Hold a document on its way: the segments of the message, and what they read back as."""

    segments: list[str]
    document: Document | None
    faults: tuple[Fault, ...]


def sent(document: Document, name: str, version: str = "004010") -> Sent:
    """Write a document, hold it against the tables, and read it again."""
    dialect = Dialect(versions={"*": version})
    writer = SHIPPED.writer("x12", type(document), name)
    assert writer is not None, f"nothing writes {type(document).__name__} as {name}"
    written = writer.write(document, layout=CODEC.layout(name, dialect))
    assert written.markup is not None, [sentence(one) for one in written.faults]
    payload = CODEC.write(written.markup, ENVELOPE, dialect)
    wrong = [sentence(one) for one in CODEC.check(payload, name, dialect)]
    assert not wrong, (wrong, payload.content)
    (message,) = CODEC.read(payload.content, payload.media_type).messages
    assert message.name == name
    reader = SHIPPED.reader("x12", name)
    assert reader is not None
    mapped = reader.read(message)
    text = payload.content.decode("latin-1")
    return Sent(text.split("~")[2:-3], mapped.document, (*written.faults, *mapped.faults))


def back(document: Document, name: str, version: str = "004010") -> Document | None:
    """Return what a document is after writing and reading; nothing may be found on the way."""
    result = sent(document, name, version)
    assert not result.faults, [sentence(one) for one in result.faults]
    return result.document


def read(body: str, name: str, **context: str) -> Mapped:
    """Read one message by its segments, each ended by `~`; nothing may be wrong with its syntax."""
    body = body.replace("\n", "").replace("    ", "")
    count = body.count("~") + 2
    content = f"{START}ST*{name}*0001~{body}SE*{count}*0001~GE*1*4711~IEA*1*000004711~"
    (message,) = CODEC.read(content.encode("latin-1"), "application/edi-x12").messages
    assert not message.faults, [sentence(one) for one in message.faults]
    reader = SHIPPED.reader("x12", message.name)
    assert reader is not None, f"nothing reads {message.name}"
    return reader.read(message, **context)


def codes(mapped: Mapped | Sent) -> list[str]:
    """Return the codes of what was found."""
    return [one.code for one in mapped.faults]


NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
TEXT = st.text("abcåöÅ +:'?19&<", min_size=1, max_size=20).map(lambda text: f"x{text}x")
"""Texts without what separates in X12, where nothing can be released."""
WORDS = TEXT.map(lambda text: " ".join(text.split()))
IDS = st.text("ABC-/123?'+:", min_size=2, max_size=17)
UNITS = st.sampled_from(["C62", "MTR", "KGM"])
AMOUNTS = st.decimals("0.01", "99999", places=2)
GTINS = st.sampled_from(["7350053850019", "07350053850019", "735005385001", "96385074"])
DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
TIMES = st.integers(0, 1_800_000_000).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
QUANTITIES = st.builds(Quantity, value=st.decimals("0", "9999", places=3), unit=UNITS)
ITEMS = st.builds(
    Item,
    sku=st.none() | IDS,
    buyer_sku=st.none() | IDS,
    gtin=st.none() | GTINS,
    manufacturer=st.none() | IDS,
    manufacturer_sku=st.none() | IDS,
)
NAMED_ITEMS = ITEMS.filter(lambda item: item != Item())
"""Items that have a number at all, as most segments need one."""
PLAIN_PRICES = st.builds(
    Price,
    amount=AMOUNTS,
    currency=st.just("SEK"),
    base_quantity=st.sampled_from([Decimal(1), Decimal(100), Decimal(1000), Decimal(7)]),
    unit=st.none() | st.just("SET"),
    list_amount=st.none() | AMOUNTS,
)
BREAKS = (
    PriceBreak(minimum=Decimal(10), amount=Decimal("9.5")),
    PriceBreak(minimum=Decimal(20), amount=Decimal(9)),
)
PRICES = PLAIN_PRICES | PLAIN_PRICES.map(lambda price: replace(price, breaks=BREAKS))
PARTIES = st.builds(
    Party,
    name=WORDS,
    identifiers=st.sampled_from([
        (Identifier(value="7309876543210", scheme="GLN"),),
        (Identifier(value="123456789", scheme="DUNS"), Identifier(value="SE5561", scheme="VAT")),
        (Identifier(value="K 17", scheme="SupplierAssigned"),),
    ]),
    address=st.none() | st.builds(
        Address,
        street=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
        postal_code=st.none() | st.just("411 01"),
        city=st.none() | WORDS,
        region=st.none() | st.sampled_from(["IL", "Skåne"]),
        country=st.none() | st.sampled_from(["SE", "NO"]),
    ),
    contact=st.none() | st.builds(
        Contact, name=WORDS, email=st.none() | st.just("a.b@c.example"),
        telephone=st.none() | st.just("+46 31 1"),
    ),
)  # fmt: skip
