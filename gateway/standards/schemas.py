"""Hand the installed schemas to the codecs, and say which are missing for what."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from canonical.wire import Dialect
from gateway.standards.index import FOLDER, installed
from gateway.standards.ubl import UblJudge
from protocols.cxml.schemas import Schemas, version_key
from protocols.cxml.vocabulary import base_name, module_of, version_for
from protocols.ubl.dialect import PunchoutDialect
from protocols.ubl.vocabulary import DOCUMENTS

READ: Final = ("cXML", "Fulfill")
"""The cXML modules of the messages that this product reads."""

WRITTEN: Final = (
    "PunchOutSetupResponse",
    "PunchOutOrderMessage",
    "ProfileResponse",
    "Response",
    "StatusUpdateRequest",
    "ConfirmationRequest",
)
"""The cXML messages that this product sends."""

_REMEDY: Final = "`gateway standards install <folder or zip>` adds it"
_SAXON: Final = "`pip install punchout-edi-gateway[rules]` adds it"


def load_schemas(workspace: Path) -> Schemas:
    """Return the installed DTDs of cXML, each read when it is first needed."""
    folder = workspace / FOLDER
    return Schemas(
        {
            (item.version, item.name): _source(folder / item.path)
            for item in installed(workspace)
            if item.kind == "cxml-dtd"
        }
    )


def _source(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return path.read_bytes()
        except OSError:  # gone since it was installed: no DTD, which `Schemas` reports as XML-030
            return b""

    return read


def missing(workspace: Path, dialects: Iterable[tuple[str, Dialect]] = ()) -> tuple[str, ...]:
    """Return a sentence for each official schema that is missing, and what that means.

    `dialects` are those of the partners, with their ids: each says what we send to it.
    """
    schemas = load_schemas(workspace)
    lines = [
        f"cXML {module}.dtd: none installed, so that what arrives is judged by our own structural "
        f"checks alone; {_REMEDY}"
        for module in READ
        if schemas.find(None, module) is None
    ]
    peppol = []
    for partner, dialect in dialects:
        if isinstance(dialect, PunchoutDialect):
            peppol.append(partner)
        else:
            lines.extend(_missing_for(partner, dialect, schemas))
    if peppol:
        lines.extend(_missing_for_peppol(", ".join(peppol), UblJudge(workspace)))
    return tuple(lines)


def _missing_for_peppol(partners: str, judge: UblJudge) -> Iterator[str]:
    """Give what would judge the documents of UBL that we send."""
    for name, kind in DOCUMENTS.items():
        what = {
            "xsd": (f"UBL-{kind.root}-{kind.version}.xsd", _REMEDY),
            "rules": (f"the Peppol rules {kind.rules}", _REMEDY),
            "saxon": (f"SaxonC, which runs the Peppol rules {kind.rules}", _SAXON),
        }
        for lacking in judge.lacks(kind):
            missed, remedy = what[lacking]
            yield (
                f"{missed} ({name} to {partners}): not installed, so our own structural checks "
                f"judge in its place; {remedy}"
            )


def _missing_for(partner: str, dialect: Dialect, schemas: Schemas) -> Iterator[str]:
    """Give the DTDs that would judge what we send to one partner."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for message in WRITTEN:
        if dialect.versions.get("*") or any(
            base_name(name) == message for name in dialect.versions
        ):
            key = (version_for(message, dialect), module_of(message))
            wanted.setdefault(key, []).append(message)
    for (version, module), messages in wanted.items():
        found = schemas.find(version, module)
        if found == version:
            continue
        newer = found is not None and version_key(found) > version_key(version)
        effect = (
            f"{found} judges in its place"
            if newer
            else "not installed, so nothing judges what we send"
        )
        names = ", ".join(messages)
        yield f"cXML {module}.dtd {version} ({names} to {partner}): {effect}; {_REMEDY}"
