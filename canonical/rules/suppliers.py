"""Tell whether a line of an order or a cart names somebody else as its supplier.

Buyers' systems name suppliers by ids of a registry (DUNS, GLN, a network's) or by numbers of their
own. Another number is another company only where both are of one registry: what a buyer calls us
in its own books cannot be told from what it calls others, so such a line is judged by its article
number alone.
"""

from collections.abc import Iterable
from typing import Final, Protocol

from canonical.identifiers import Identifier
from canonical.party import Party

_TEST_SUFFIX: Final = "-t"
"""Networks keep a twin of each of their ids for tests."""


class Supplied(Protocol):
    """Be a line that may name its supplier."""

    @property
    def supplier(self) -> Identifier | None:
        """Return who sells it, where the line says."""

    @property
    def suppliers(self) -> tuple[Party, ...]:
        """Return whom the buyer may choose from."""


def named_instead(
    line: Supplied, us: Iterable[Identifier], too: Iterable[Identifier] = ()
) -> Identifier | None:
    """Return whom a line names where it names others and not us; None where nobody can tell.

    `us` are our ids for this buyer, `too` whose goods we sell here beside our own. A list to choose
    from names others if each on it is another.
    """
    parties = _named(line)
    ours = {_key(one) for one in us}
    known = ours | {_key(one) for one in too}
    schemes = {scheme for scheme, _ in ours}
    first: Identifier | None = None
    for identifiers in parties:
        keys = {_key(one) for one in identifiers}
        comparable = [one for one in identifiers if _key(one)[0] in schemes]
        if keys & known or not comparable:
            return None
        first = first or comparable[0]
    return first


def _named(line: Supplied) -> tuple[tuple[Identifier, ...], ...]:
    if line.supplier is not None:
        return ((line.supplier,),)
    return tuple(party.identifiers for party in line.suppliers)


def _key(one: Identifier) -> tuple[str, str]:
    """Return what ids are compared by: neither case nor blanks and hyphens tell them apart."""
    value = one.value.strip().casefold().removesuffix(_TEST_SUFFIX)
    return one.scheme.strip().casefold(), "".join(value.replace("-", "").split())
