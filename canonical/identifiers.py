"""Hold identifiers with the scheme that issued them: a bare id means nothing."""

from canonical.document import Document


class Identifier(Document):
    """Name a party or thing within a scheme (`GLN`, `DUNS`, `NetworkId`, `VAT`, ...)."""

    value: str
    scheme: str


class Property(Document):
    """Carry a named value that no field of ours covers (cXML Extrinsic, UBL AdditionalProperty)."""

    name: str
    value: str


class Reference(Document):
    """Point at another document (`kind` is `contract`, `requisition`, `cart`, `blanket`, ...)."""

    kind: str
    value: str


class Attachment(Document):
    """Describe a file that came with a document; its bytes stay in the payload archive.

    `content_id` names a MIME part of the same interchange, `url` something outside it; exactly
    one of them is set. `size` is in bytes.
    """

    content_id: str | None = None
    url: str | None = None
    file_name: str | None = None
    media_type: str | None = None
    size: int | None = None
