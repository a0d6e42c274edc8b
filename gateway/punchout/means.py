"""Name what punchout needs of the layers below, as one argument.

The Protocols say which few methods of the catalogue, the partners and the pipeline are used.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from canonical.document import Document
from canonical.product import Product
from gateway.ambient import Ambient
from gateway.connectors.contract import Core
from gateway.errors import NotFoundError
from gateway.partners.model import Partner
from gateway.pipeline.contract import Sent
from gateway.settings.model import SecretReference
from gateway.store.sessions import SessionStore


class Products(Protocol):
    """Look products up in the local replica."""

    def product(self, sku: str) -> Product | None:
        """Return one product, or None."""

    def products(self, skus: Sequence[str]) -> Mapping[str, Product]:
        """Return those of these products that exist, by their number."""


class PartnerList(Protocol):
    """Look partners up by their id."""

    def get(self, partner_id: str) -> Partner:
        """Return one partner; raises `NotFoundError`."""


class Emit(Protocol):
    """Write, check and record an outgoing message; see `gateway.pipeline`."""

    def __call__(
        self,
        partner: Partner,
        document: Document,
        *,
        references: Sequence[tuple[str, str]],
        context: Mapping[str, str],
    ) -> Sent:
        """Return what may travel, or the faults that speak against it."""


def as_it_is(_partner: Partner, unit: str) -> str:
    """Spell a unit of UN/ECE Rec 20 as its code."""
    return unit


@dataclass(frozen=True, slots=True)
class Means:
    """Hold what the punchout works with.

    `base_url` is the address of this gateway as browsers see it, without a slash at its end;
    `reveal` turns a secret reference into the secret; `unit_written` tells how a unit stands in
    what a partner gets.
    """

    store: SessionStore
    core: Core
    products: Products
    partners: PartnerList
    emit: Emit
    ambient: Ambient
    reveal: Callable[[SecretReference], str]
    base_url: str
    unit_written: Callable[[Partner, str], str] = as_it_is

    def partner(self, partner_id: str) -> Partner | None:
        """Return a session's partner; None when it has left the workspace since."""
        try:
            return self.partners.get(partner_id)
        except NotFoundError:
            return None
