"""Name what punchout needs of the layers below, as one argument.

The Protocols say which few methods of the catalogue, the partners and the pipeline are used.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from canonical.identifiers import Property
from canonical.product import Product
from canonical.wire import Dialect, Face
from gateway.ambient import Ambient
from gateway.connectors.contract import Core
from gateway.errors import NotFoundError
from gateway.partners.model import Partner
from gateway.pipeline.contract import AlsoRecorded, Sent
from gateway.pipeline.emitting import Outgoing
from gateway.settings.model import SecretReference
from gateway.store.sessions import SessionStore


class Products(Protocol):
    """Look products up in the local replica."""

    def product(self, sku: str) -> Product | None:
        """Return one product, or None."""

    def products(self, skus: Sequence[str]) -> Mapping[str, Product]:
        """Return those of these products that exist, by their number."""

    def by_buyer_number(self, customer: str, wanted: Iterable[str]) -> Mapping[str, str]:
        """Return our article numbers by what a customer calls them."""

    def buyer_numbers(self, customer: str, skus: Iterable[str]) -> Mapping[str, str]:
        """Return what a customer calls our products, by article number."""

    def search(
        self,
        text: str,
        *,
        assortments: Sequence[str] = (),
        customer: str = "",
        offset: int = 0,
        limit: int = 24,
        facets: bool = True,
    ) -> "Page":
        """Return a page of what a text finds; no text finds all, no assortments means any.

        `facets` asks how the result could be narrowed, too.
        """


class Page(Protocol):
    """Be a page of a search."""

    @property
    def items(self) -> Sequence[Product]:
        """Return the products on it."""

    @property
    def total(self) -> int:
        """Return how many there are on all pages."""


class PartnerList(Protocol):
    """Look partners up by their id."""

    def get(self, partner_id: str) -> Partner:
        """Return one partner; raises `NotFoundError`."""


class Emit(Protocol):
    """Write, check and record an outgoing message; see `gateway.pipeline`."""

    def __call__(self, outgoing: Outgoing, also: AlsoRecorded) -> Sent:
        """Return what may travel, or the faults that speak against it.

        What is to happen `also` happens in the transaction that records it, or neither does.
        """


def as_it_is(_partner: Partner, _syntax: str, unit: str) -> str:
    """Spell a unit of UN/ECE Rec 20 as its code."""
    return unit


@dataclass(frozen=True, slots=True)
class Means:
    """Hold what the punchout works with.

    `faces` are the punchout protocols by syntax. `base_url` is the address of this gateway as
    browsers see it, without a slash at its end; `reveal` turns a secret reference into the secret;
    `unit_written` tells how a unit stands in what a partner gets in a syntax.
    """

    store: SessionStore
    core: Core
    products: Products
    partners: PartnerList
    emit: Emit
    ambient: Ambient
    reveal: Callable[[SecretReference], str]
    base_url: str
    faces: Mapping[str, Face]
    unit_written: Callable[[Partner, str, str], str] = as_it_is

    def partner(self, partner_id: str) -> Partner | None:
        """Return a session's partner; None when it has left the workspace since."""
        try:
            return self.partners.get(partner_id)
        except NotFoundError:
            return None

    def dialect(
        self, partner: Partner, syntax: str, properties: Iterable[Property] = ()
    ) -> Dialect:
        """Return how `partner` wants a syntax, as one call with these properties alters it."""
        wishes = {one.name: one.value for one in properties}
        return self.faces[syntax].adapted(partner.dialect_of(syntax), wishes)
