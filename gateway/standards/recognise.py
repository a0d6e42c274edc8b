"""Recognise an official file by its content: which standard, which module, which version.

Names lie (every cXML release calls its file cXML.dtd, some sites rename them), so a DTD is known by
the version entity and the requests it declares, XML by root element and namespace.
"""

import re
from pathlib import PurePosixPath
from typing import Final

from canonical.document import Document
from protocols import xml
from protocols.dtd import load_dtd
from protocols.schematron import compile_rules

SUFFIXES: Final = frozenset({".dtd", ".xsd", ".sch", ".xsl", ".xslt", ".gc", ".txt", ".md", ""})
"""The file names that are looked into; `.txt`, `.md` and none only for licences."""

_MARKUP: Final = frozenset({".xsd", ".sch", ".xsl", ".xslt", ".gc"})
_VERSION: Final = re.compile(rb"<!ENTITY\s+cxml\.version\s+\"([0-9.]{1,20})\"")
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_REQUESTS: Final = re.compile(rb"<!ENTITY\s+%\s+cxml\.requests\s+\"([^\"]*)\"")
_ELEMENT: Final = re.compile(rb"<!ELEMENT\s+Request\s+([^>]*)>")
_WORD: Final = re.compile(r"\w+")
_SUBSET: Final = re.compile(rb"<!DOCTYPE\s+[\w:.-]+\s*\[[^\]]*\]\s*>")
_OUTSIDE: Final = re.compile(rb"\b(?:SYSTEM|PUBLIC)\b")
_REFERENCE: Final = re.compile(rb"&(?!#|(?:amp|lt|gt|quot|apos);)[\w.-]+;")
_EDITION: Final = re.compile(r"\b(\d+(?:\.\d+)+)\Z")

_MODULES: Final = (
    ("cXML", "ProfileRequest"),
    ("Fulfill", "ShipNoticeRequest"),
    ("InvoiceDetail", "InvoiceDetailRequest"),
    ("Quote", "QuoteRequest"),
    ("Quote", "QuoteMessage"),
    ("Contract", "ContractRequest"),
    ("Logistics", "TransportRequest"),
    ("PaymentRemittance", "PaymentRemittanceRequest"),
    ("Private", "SessionStatusRequest"),
    ("Catalog", "PunchOutSetupRequest"),
)
"""The request that only this module declares, in the order in which they are asked for."""

_ROOTS: Final[dict[str, tuple[str, str]]] = {
    "{http://www.w3.org/2001/XMLSchema}schema": ("xsd", "xsd"),
    "{http://purl.oclc.org/dsdl/schematron}schema": ("schematron", "rules"),
    "{http://www.w3.org/1999/XSL/Transform}stylesheet": ("xslt", "rules"),
    "{http://www.w3.org/1999/XSL/Transform}transform": ("xslt", "rules"),
    "{http://docs.oasis-open.org/codelist/ns/genericode/1.0/}CodeList": ("codelist", "codelists"),
}
"""Root element to kind and folder."""

_LICENCE_NAMES: Final = ("licen", "copying", "notice")


class Recognised(Document):
    """Say what a file is and where it belongs below `standards/`."""

    kind: str
    """cxml-dtd, xsd, schematron, xslt, codelist or licence."""
    name: str
    """Module, namespace or title."""
    version: str
    path: str


def recognise(path: PurePosixPath, content: bytes) -> Recognised | str | None:
    """Return what a file is, why it cannot be used, or None when it is none of ours.

    `path` is relative and already safe: it holds no `..`.
    """
    suffix = path.suffix.lower()
    if suffix == ".dtd":
        return _dtd(path, content)
    return _markup(path, content) if suffix in _MARKUP else _licence(path, content)


def _dtd(path: PurePosixPath, content: bytes) -> Recognised | str | None:
    declarations = _COMMENT.sub(b"", content)
    version = _VERSION.search(declarations)
    if version is None:
        return f"{path}: a DTD, but not of cXML (no entity cxml.version)"
    module = _module(declarations)
    if module is None:
        return f"{path}: a DTD of cXML of an unknown module"
    dtd, faults = load_dtd(content)
    if dtd is None:
        return f"{path}: {faults[0].message}"
    number = version[1].decode("ascii")
    return Recognised(
        kind="cxml-dtd", name=module, version=number, path=f"cxml/{number}/{module}.dtd"
    )


def _module(declarations: bytes) -> str | None:
    match = _REQUESTS.search(declarations) or _ELEMENT.search(declarations)
    if match is None:
        return None
    words = set(_WORD.findall(match[1].decode("latin-1")))
    if not words & {request for _, request in _MODULES}:
        words |= {name for _, name in _MODULES if f"<!ELEMENT {name} ".encode() in declarations}
    return next((module for module, request in _MODULES if request in words), None)


def _markup(path: PurePosixPath, content: bytes) -> Recognised | str | None:
    parsed = xml.parse(_bare(content) if path.suffix.lower() == ".xsd" else content)
    if parsed.root is None:
        return f"{path}: {parsed.faults[-1].code} {parsed.faults[-1].message}"
    known = _ROOTS.get(str(parsed.root.tag))
    if known is None:
        return f"{path}: unknown root element {parsed.root.tag}"
    kind, folder = known
    target = str(PurePosixPath(folder) / path)
    if kind == "schematron":
        return _rules(path, content, target)
    return Recognised(
        kind=kind,
        name=parsed.root.get("targetNamespace") or _title(parsed.root) or path.stem,
        version=parsed.root.get("version") or "",
        path=target,
    )


def _bare(content: bytes) -> bytes:
    """Return a schema without its own entities: that of XML signatures declares some.

    One that takes anything from outside keeps its DOCTYPE, and so is refused.
    """
    match = _SUBSET.search(content)
    if match is None or _OUTSIDE.search(match[0]):
        return content
    return _REFERENCE.sub(b"", content[: match.start()] + content[match.end() :])


def _rules(path: PurePosixPath, content: bytes, target: str) -> Recognised | str:
    """Recognise a rule set: named by transaction and title, in which Peppol puts the version."""
    rules = compile_rules(content)
    if rules.problem:
        return f"{path}: rules that cannot be run: {rules.problem}"
    version = _EDITION.search(rules.title)
    return Recognised(
        kind="schematron",
        name=f"{rules.code} {rules.title}".strip() or path.stem,
        version=version[1] if version else "",
        path=target,
    )


def _title(root: xml.Element) -> str:
    """Return the short name of a code list."""
    return (root.findtext("Identification/ShortName") or "").strip()[:200]


def _licence(path: PurePosixPath, content: bytes) -> Recognised | None:
    """Recognise a licence text, which has to travel with the files it covers."""
    name = path.name.lower()
    text = content[:20_000].lower()
    if not any(word in name for word in _LICENCE_NAMES) or b"licen" not in text:
        return None
    return Recognised(
        kind="licence", name=path.name, version="", path=str(PurePosixPath("licences") / path)
    )
