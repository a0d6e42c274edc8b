"""Store documents as versioned JSON and load every version ever written.

A stored form is `{"kind": "order", "version": 1, "document": {...}}`. A change to a document
class raises its version in `KINDS` and adds one converter from the version before; old samples
stay in `tests/canonical/stored/` and keep loading.
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from canonical.document import Document
from canonical.order import Order, OrderCancellation, OrderChange, OrderResponse
from canonical.party import Customer
from canonical.product import Product
from canonical.punchout import (
    Cart,
    Profile,
    ProfileQuery,
    PunchoutSession,
    PunchoutSetup,
    PunchoutStart,
    StatusUpdate,
)

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
    "cart": Kind(Cart),
    "customer": Kind(Customer),
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
    "status-update": Kind(StatusUpdate),
}
NAMES: Final[Mapping[type[Document], str]] = {kind.type: name for name, kind in KINDS.items()}


class StoredForm(msgspec.Struct, frozen=True):
    """Hold the outermost level of a stored document."""

    kind: str
    version: int
    document: msgspec.Raw


class StoredFormError(ValueError):
    """Report stored bytes that no converter chain leads to a document of today."""


def dump(document: Document) -> bytes:
    """Return the stored form of `document`: JSON in UTF-8, keys in field order."""
    name = NAMES[type(document)]
    body = msgspec.Raw(msgspec.json.encode(document))
    return msgspec.json.encode(StoredForm(kind=name, version=KINDS[name].version, document=body))


def load(stored: bytes) -> Document:
    """Return the document that `stored` holds, converted to today's version.

    Raises `StoredFormError` when the kind is unknown, the version lies ahead of this release
    or the content does not fit.
    """
    try:
        form = msgspec.json.decode(stored, type=StoredForm)
        kind = KINDS.get(form.kind)
        if kind is None:
            message = f"unknown document kind {form.kind!r}; known: {', '.join(KINDS)}"
            raise StoredFormError(message)
        if not 1 <= form.version <= kind.version:
            message = f"{form.kind} version {form.version}: this release reads 1 to {kind.version}"
            raise StoredFormError(message)
        if form.version == kind.version:
            return msgspec.json.decode(form.document, type=kind.type)
        return msgspec.convert(_converted(form, kind), type=kind.type, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoredFormError(str(error)) from error


def _converted(form: StoredForm, kind: Kind) -> Plain:
    plain = msgspec.json.decode(form.document, type=Plain)
    for converter in kind.converters[form.version - 1 :]:
        plain = converter(plain)
    return plain
