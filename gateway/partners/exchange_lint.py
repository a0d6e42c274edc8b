"""Find what is agreed on EDI and cannot be: no address, no identity, another syntax's edition.

Rules as in `gateway.partners.lint`, which lists them with its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from edi.edifact.charsets import named as charset_named
from edi.encodings import encoding_named
from gateway.partners.agreements import FOLDER_SCHEME, qualifier_of
from gateway.partners.flatfiles import FOLDER as FLATFILES
from gateway.partners.flatfiles import PARTNERS, schema_names
from gateway.partners.guides import FOLDER, SUFFIX, guide_names
from gateway.partners.model import Partner
from gateway.settings import Settings
from gateway.settings.findings import Path as KeyPath
from gateway.settings.findings import nearest
from gateway.settings.model import Identity

Complaint = tuple[KeyPath, str, str]
"""Where it stands, what is wrong, and the way out."""

_VERSIONS: Final = {
    "edifact": (re.compile(r"[A-Z]\.\d\d[A-Z]\b.*"), "D.96A"),
    "x12": (re.compile(r"\d{6}\b.*"), '"004010"'),
}
"""What the version of a message looks like in a syntax, and one that is."""


def _guide_is_there(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    name = partner.edi.guide
    known = guide_names(settings.workspace)
    if name is not None and name not in known:
        what = f"there is no {FOLDER}/{name}{SUFFIX}"
        yield ("edi", "guide"), what, nearest(name, known)


def _schemas_are_there(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    folder = settings.workspace / PARTNERS / partner.id
    named: list[tuple[KeyPath, str]] = [
        (("edi", "files", document), name) for document, name in partner.edi.files.items()
    ]
    if partner.edi.flat is not None:
        named.insert(0, (("edi", "flat"), partner.edi.flat))
    for path, name in named:
        if name not in schema_names(folder):
            what = f"there is no {PARTNERS}/{partner.id}/{FLATFILES}/{name}{SUFFIX}"
            yield path, what, nearest(name, schema_names(folder))


def _what_leaves_has_an_address(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    agreed = partner.edi
    if agreed.endpoint is None and agreed.reported:
        key = "documents" if agreed.documents else "files"
        hint = f"endpoint: {FOLDER_SCHEME}outbox/{partner.id}, or https://..."
        yield ("edi", key), "nothing leaves: edi.endpoint does not say where to", hint


def _envelopes_can_name_both(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    agreed = partner.edi
    if not (set(agreed.documents) - set(agreed.files) or agreed.acknowledge):
        return  # nothing leaves in an envelope; bare messages in a folder need none
    for key, whose, parties in (
        ("identities", "THEIR-GLN", partner.identities),
        ("supplier", "OUR-GLN", partner.supplier),
    ):
        if parties and not _named(parties):
            hint = (
                f"add {{domain: EDI-14, identity: {whose}}}: EDI- and the qualifier of UNB or ISA"
            )
            yield (key,), "no identity here stands in envelopes of EDI", hint


def _named(parties: Iterable[Identity]) -> bool:
    return any(qualifier_of(one.domain) is not None for one in parties)


def _versions_are_of_the_syntax(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    pattern, example = _VERSIONS[partner.edi.syntax]
    for message, version in partner.edi.versions.items():
        if pattern.fullmatch(version) is None:
            what = f'"{version}" is no version of {partner.edi.syntax}'
            hint = f"write one such as {example}, or another edi.syntax"
            yield ("edi", "versions", message), what, hint


def _charset_is_known(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    name = partner.edi.charset
    if name is None or encoding_named(name) is not None:
        return
    if partner.edi.syntax == "edifact" and charset_named(name) is not None:
        return
    what = f'segments cannot be read in "{name}"'
    yield ("edi", "charset"), what, _CHARSETS[partner.edi.syntax]


_CHARSETS: Final = {
    "edifact": "write one such as UNOC, cp1252, iso-8859-1 or utf-8",
    "x12": "write one such as cp1252, iso-8859-1 or utf-8",
}
"""Character sets that can be, by syntax: only EDIFACT has names of its own."""


RULES: Final[tuple[Callable[[Partner, Settings], Iterator[Complaint]], ...]] = (
    _guide_is_there,
    _schemas_are_there,
    _what_leaves_has_an_address,
    _envelopes_can_name_both,
    _versions_are_of_the_syntax,
    _charset_is_known,
)
