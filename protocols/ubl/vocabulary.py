"""Know the documents of UBL that we read and write, and the namespaces they are made of.

A document is told by its root and by its CustomizationID: a Catalogue is a price list or a
shopping cart. The identifier only has to *start* with ours: extensions append to it.
"""

from typing import Final

import msgspec

from protocols.xml import Element

CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_DOCUMENT: Final = "urn:oasis:names:specification:ubl:schema:xsd:{}-2"


class DocumentType(msgspec.Struct, frozen=True):
    """Describe one document: its root, what it says it is, and the name of its rules."""

    root: str
    customization: str
    profile: str
    rules: str
    version: str = "2.1"

    @property
    def namespace(self) -> str:
        """Return the namespace of the root element."""
        return _DOCUMENT.format(self.root)


DOCUMENTS: Final[dict[str, DocumentType]] = {
    "Catalogue": DocumentType(
        root="Catalogue",
        customization="urn:fdc:peppol.eu:poacc:trns:punch_out:3",
        profile="urn:fdc:peppol.eu:poacc:bis:punch_out:3",
        rules="T77",
    ),
}
"""Every document by message name."""


def name_of(root: Element) -> str | None:
    """Return the message name of a document, None when it is none of ours."""
    namespace, _, local = str(root.tag)[1:].rpartition("}")
    customization = (root.findtext(f"{{{CBC}}}CustomizationID") or "").strip()
    for name, kind in DOCUMENTS.items():
        if (kind.namespace, kind.root) == (namespace, local):
            rest = customization.removeprefix(kind.customization)
            if rest != customization and rest[:1] in ("", ":"):
                return name
    return None


def declarations(kind: DocumentType) -> str:
    """Return the namespace declarations of a document's root; mappings write the prefixes."""
    return f' xmlns="{kind.namespace}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}"'


def without_namespaces(root: Element) -> None:
    """Take the UBL namespaces out of a tree: in UBL a local name says as much.

    What stands in another namespace, an extension, keeps it and so is met by no mapping.
    """
    own = (str(root.tag).partition("}")[0] + "}", f"{{{CAC}}}", f"{{{CBC}}}")
    for element in root.iter():
        tag = str(element.tag)
        if tag.startswith(own):
            element.tag = tag.rpartition("}")[2]
