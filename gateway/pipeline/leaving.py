"""Know how a document leaves for a partner by what is agreed: by EDI, as a flat file, or not."""

from collections.abc import Sequence

from canonical.document import Document
from gateway.partners.agreements import FLAT
from gateway.partners.model import Partner
from gateway.pipeline.emitting import Outgoing


def leaving(
    partner: Partner,
    document: Document,
    *,
    references: Sequence[tuple[str, str]] = (),
    cause: str | None = None,
    test: bool = False,
) -> Outgoing | None:
    """Return what leaves of a document, None where nothing of its kind is agreed.

    Nobody acknowledges a flat file.
    """
    agreed, name = partner.edi, type(document).__name__
    if agreed.endpoint is None or name not in agreed.reported:
        return None
    schema = agreed.files.get(name)  # type: ignore[call-overload]  # any name may be asked for
    flat = schema is not None
    return Outgoing(
        partner,
        document,
        syntax=FLAT if flat else agreed.syntax,
        endpoint=agreed.endpoint,
        references=references,
        cause=cause,
        test=test,
        dialect=agreed.flat_of(partner.id, schema) if flat else None,
        answered=not flat,
    )
