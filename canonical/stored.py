"""Store documents as versioned JSON and load every version ever written.

A stored form is `{"kind": "order", "version": 1, "document": {...}}`. A change to a document
class raises its version in its table and adds one converter from the version before; old samples
stay in `tests/canonical/stored/` and keep loading. `KINDS` are the documents that messages carry
and mappings make, `RECORDS` what is kept beside them; a package that stores forms of its own has
its own table and `Forms` over it.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import msgspec

from canonical.catalogue import Catalogue, InventoryReport, SalesReport
from canonical.despatch import DespatchAdvice
from canonical.document import Document
from canonical.faults import FaultList
from canonical.interchange import Acknowledgement, ReceivedInterchange
from canonical.invoice import CreditNote, Invoice
from canonical.order import Order, OrderCancellation, OrderChange, OrderResponse
from canonical.party import Customer
from canonical.product import Product
from canonical.punchout import (
    Cart,
    CataloguePage,
    CataloguePageQuery,
    ItemList,
    ItemQuery,
    Profile,
    ProfileQuery,
    PunchoutSession,
    PunchoutSetup,
    PunchoutStart,
    StatusUpdate,
)
from canonical.returns import ReceiptAdvice, ReturnRequest
from canonical.rules.judgement import Judgement
from canonical.stock import StockLevel

DocumentT = TypeVar("DocumentT", bound=Document)
Plain = dict[str, object]
Converter = Callable[[Plain], Plain]
"""Turn the plain form of one version into that of the next."""


class Kind(msgspec.Struct, frozen=True):
    """Tie a stored name to its class; the version is one more than its converters."""

    type: type[Document]
    converters: tuple[Converter, ...] = ()

    @property
    def version(self) -> int:
        """Return the version that is written today."""
        return len(self.converters) + 1


KINDS: Final[Mapping[str, Kind]] = {
    "acknowledgement": Kind(Acknowledgement),
    "cart": Kind(Cart),
    "catalogue": Kind(Catalogue),
    "catalogue-page": Kind(CataloguePage),
    "catalogue-page-query": Kind(CataloguePageQuery),
    "credit-note": Kind(CreditNote),
    "customer": Kind(Customer),
    "despatch-advice": Kind(DespatchAdvice),
    "interchange": Kind(ReceivedInterchange),
    "inventory-report": Kind(InventoryReport),
    "invoice": Kind(Invoice),
    "item-list": Kind(ItemList),
    "item-query": Kind(ItemQuery),
    "order": Kind(Order),
    "order-cancellation": Kind(OrderCancellation),
    "order-change": Kind(OrderChange),
    "order-response": Kind(OrderResponse),
    "product": Kind(Product),
    "profile": Kind(Profile),
    "profile-query": Kind(ProfileQuery),
    "punchout-session": Kind(PunchoutSession),
    "punchout-setup": Kind(PunchoutSetup),
    "punchout-start": Kind(PunchoutStart),
    "receipt-advice": Kind(ReceiptAdvice),
    "return-request": Kind(ReturnRequest),
    "sales-report": Kind(SalesReport),
    "status-update": Kind(StatusUpdate),
}
"""What messages carry."""
NAMES: Final[Mapping[type[Document], str]] = {kind.type: name for name, kind in KINDS.items()}

RECORDS: Final[Mapping[str, Kind]] = {
    "faults": Kind(FaultList),
    "judgement": Kind(Judgement),
    "stock-level": Kind(StockLevel),
}
"""What is kept beside messages; no mapping makes it."""


class StoredForm(msgspec.Struct, frozen=True):
    """Hold the outermost level of a stored document."""

    kind: str
    version: int
    document: msgspec.Raw


_outermost: Final = msgspec.json.Decoder(StoredForm).decode


class StoredFormError(ValueError):
    """Report stored bytes that no converter chain leads to a document of today."""


class Forms:
    """Write and read the stored forms of one table of kinds."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = dict(kinds)
        self._written = {kind.type: (name, kind.version) for name, kind in kinds.items()}
        self._today = {name: msgspec.json.Decoder(kind.type).decode for name, kind in kinds.items()}

    def dump(self, document: Document) -> bytes:
        """Return the stored form of `document`: JSON in UTF-8, keys in field order."""
        name, version = self._written[type(document)]
        body = msgspec.Raw(msgspec.json.encode(document))
        return msgspec.json.encode(StoredForm(kind=name, version=version, document=body))

    def load(self, stored: bytes) -> Document:
        """Return the document that `stored` holds, converted to today's version.

        Raises `StoredFormError` when the kind is unknown, the version lies ahead of this release
        or the content does not fit.
        """
        try:
            form = _outermost(stored)
            kind = self._kinds.get(form.kind)
            if kind is None:
                message = f"unknown document kind {form.kind!r}; known: {', '.join(self._kinds)}"
                raise StoredFormError(message)
            if not 1 <= form.version <= kind.version:
                message = (
                    f"{form.kind} version {form.version}: this release reads 1 to {kind.version}"
                )
                raise StoredFormError(message)
            if form.version == kind.version:
                return self._today[form.kind](form.document)
            return msgspec.convert(_converted(form, kind), type=kind.type, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StoredFormError(str(error)) from error

    def load_as(self, wanted: type[DocumentT], stored: bytes) -> DocumentT:
        """Return the document that `stored` holds; one of another class is an error too."""
        document = self.load(stored)
        if not isinstance(document, wanted):
            message = f"expected a stored {wanted.__name__}, found a {type(document).__name__}"
            raise StoredFormError(message)
        return document


def _converted(form: StoredForm, kind: Kind) -> Plain:
    plain = msgspec.json.decode(form.document, type=Plain)
    for converter in kind.converters[form.version - 1 :]:
        plain = converter(plain)
    return plain


FORMS: Final = Forms({**KINDS, **RECORDS})
dump: Final = FORMS.dump
load: Final = FORMS.load
load_as: Final = FORMS.load_as
