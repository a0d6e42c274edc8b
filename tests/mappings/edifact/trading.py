"""Write documents as messages of either edition, check them as they leave, read them back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.document import Document
from canonical.faults import Fault, sentence
from canonical.identifiers import Identifier
from canonical.order import Item
from canonical.party import Address, Contact, Party
from canonical.price import Price
from canonical.wire import Credential, CredentialRole, Dialect, Envelope
from edi.edifact.codec import EdifactCodec
from mappings.engine.library import Mapped
from tests.mappings.workbench import SHIPPED

CODEC = EdifactCodec()
EDITIONS = ("D.96A", "D.01B")
ENVELOPE = Envelope(
    message_id="4711",
    sent_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="14", identity="7309876543210"),
        Credential(role=CredentialRole.TO, domain="14", identity="7301234567890"),
    ),
)
START = "UNB+UNOC:3+7309876543210:14+7301234567890:14+261122:0705+4711'"


@dataclass(frozen=True)
class Sent:
    """Hold a document on its way: the segments of the message, and what they read back as."""

    segments: list[str]
    document: Document | None
    faults: tuple[Fault, ...]


def sent(document: Document, name: str, edition: str = "D.96A") -> Sent:
    """Write a document, hold it against the tables, and read it again."""
    dialect = Dialect(versions={"*": edition})
    writer = SHIPPED.writer("edifact", type(document), name)
    assert writer is not None, f"nothing writes {type(document).__name__} as {name}"
    written = writer.write(document, layout=CODEC.layout(name, dialect))
    assert written.markup is not None, [sentence(one) for one in written.faults]
    payload = CODEC.write(written.markup, ENVELOPE, dialect)
    wrong = [sentence(one) for one in CODEC.check(payload, name, dialect)]
    assert not wrong, (wrong, payload.content)
    (message,) = CODEC.read(payload.content, payload.media_type).messages
    assert message.name == name
    reader = SHIPPED.reader("edifact", name)
    assert reader is not None
    mapped = reader.read(message)
    text = payload.content.decode("latin-1")
    return Sent(text.split("'"), mapped.document, (*written.faults, *mapped.faults))


def back(document: Document, name: str, edition: str = "D.96A") -> Document | None:
    """Return what a document is after writing and reading; nothing may be found on the way."""
    result = sent(document, name, edition)
    assert not result.faults, [sentence(one) for one in result.faults]
    return result.document


def read(body: str, kind: str, **context: str) -> Mapped:
    """Read one message by its segments, each ended by `'`; nothing may be wrong with its syntax."""
    body = body.replace("\n", "").replace("    ", "")
    count = body.count("'") + 2
    content = f"{START}UNH+1+{kind}'{body}UNT+{count}+1'UNZ+1+4711'".encode("latin-1")
    (message,) = CODEC.read(content, "application/edifact").messages
    assert not message.faults, [sentence(one) for one in message.faults]
    reader = SHIPPED.reader("edifact", message.name)
    assert reader is not None, f"nothing reads {message.name}"
    return reader.read(message, **context)


def codes(mapped: Mapped | Sent) -> list[str]:
    """Return the codes of what was found."""
    return [one.code for one in mapped.faults]


NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
TEXT = st.text("abcåöÅ +:'?*^~19&<", min_size=1, max_size=20).map(lambda text: f"x{text}x")
"""Texts with everything that separates segments; blanks in a row are one, as reading has it."""
WORDS = TEXT.map(lambda text: " ".join(text.split()))
IDS = st.text("ABC-/123?'+:", min_size=1, max_size=17)
UNITS = st.sampled_from(["C62", "MTR", "KGM"])
AMOUNTS = st.decimals("0.01", "99999", places=2)
GTINS = st.sampled_from(["7350053850019", "07350053850019", "96385074"])
DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
TIMES = st.integers(0, 30_000_000).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
QUANTITIES = st.builds(Quantity, value=st.decimals("0", "9999", places=3), unit=UNITS)
ITEMS = st.builds(
    Item,
    sku=st.none() | IDS,
    buyer_sku=st.none() | IDS,
    gtin=st.none() | GTINS,
    manufacturer_sku=st.none() | IDS,
)
PRICES = st.builds(
    Price,
    amount=AMOUNTS,
    currency=st.just("SEK"),
    base_quantity=st.sampled_from([Decimal(1), Decimal(100)]),
    list_amount=st.none() | AMOUNTS,
)
PARTIES = st.builds(
    Party,
    name=st.none() | WORDS,
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
        country=st.none() | st.sampled_from(["SE", "NO"]),
    ),
    contact=st.none() | st.builds(
        Contact, name=WORDS, email=st.none() | st.just("a.b@c.example"),
        telephone=st.none() | st.just("+46 31 1"),
    ),
)  # fmt: skip
