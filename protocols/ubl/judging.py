"""Ask the official schemas and rules: a port, since both live in files and processes outside."""

from typing import Protocol

from canonical.faults import Fault
from protocols.ubl.vocabulary import DocumentType


class Judge(Protocol):
    """Hold what is installed of UBL and Peppol; `gateway.standards` does."""

    def judge(self, content: bytes, kind: DocumentType) -> tuple[Fault, ...]:
        """Return what the XSD (XML-020 ff.) and the rules (UBL-030 ff.) have against a document.

        Gives nothing where nothing is installed.
        """
