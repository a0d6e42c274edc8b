"""Read a file by hand as the gateway would if a partner had sent it: by guide, schema, weights.

Without a partner a file of EDI is checked by its directory alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import click

from canonical.faults import Fault
from canonical.wire import Codec, Dialect, EdiCodec, Envelope, Message
from edi.flatfile.schema import Schema
from edi.naming import Names
from gateway.errors import ConfigurationError
from gateway.partners.agreements import FLAT
from gateway.partners.flatfiles import load_flatfiles
from gateway.partners.guide_lint import sound_guides
from gateway.partners.library import PartnerLibraries, shipped_library, workspace_library
from gateway.partners.loader import FILE_NAME, FOLDER, partner_folders, read_partner
from gateway.partners.model import Partner
from gateway.pipeline.arriving import syntax_in
from gateway.plugins import codecs, exchanges
from gateway.settings import load_settings
from gateway.settings.findings import nearest
from gateway.standards import Official, load_official
from gateway.standards.directories import find
from mappings.engine.library import Library

HEAD: Final = 1 << 18
"""So many bytes of a file say which syntax it is in."""
BLANK: Final = b"\xef\xbb\xbf \t\r\n"

partner_option = click.option(
    "--partner",
    "partner_id",
    help="Read it as this partner's: by its guide, severities and schema of flat files.",
)


@dataclass(frozen=True, slots=True)
class Manner:
    """Hold how a file is read: in which syntax, by which codec, in whose dialect."""

    syntax: str
    official: Official
    dialect: Dialect | None = None
    schema: Schema | None = None
    """That of a flat file, where its sender agreed on one."""

    @property
    def codec(self) -> Codec:
        """Return what reads it."""
        return {**codecs(self.official), **exchanges(self.official)}[self.syntax]

    @property
    def exchange(self) -> EdiCodec:
        """Return what reads it message by message; raises `ConfigurationError` for cXML."""
        found = exchanges(self.official).get(self.syntax)
        if found is None:
            message = f"this is {self.syntax}: no EDI, and no file that a partner agreed on"
            raise ConfigurationError(message)
        return found

    def names(self, language: str) -> Names:
        """Return what people call the fields of a flat file."""
        fields = [] if self.schema is None else [
            field for record in self.schema.records for field in record.fields
        ]  # fmt: skip
        named = ((one.name, one.names.get(language) or one.names.get("en")) for one in fields)
        return Names({name: said for name, said in named if said}, language)


def known_partner(workspace: Path, partner_id: str) -> Partner:
    """Return a partner by id, whose secrets nobody needs here.

    Raises `ConfigurationError` where there is none, or where its file has mistakes.
    """
    folder = workspace / FOLDER / partner_id
    if "/" in partner_id or not (folder / FILE_NAME).is_file():
        hint = nearest(partner_id, [one.name for one in partner_folders(workspace)])
        what = f"no partner '{partner_id}' in {workspace / FOLDER}"
        raise ConfigurationError(what, (hint,) if hint else ())
    marked, partner = read_partner(folder, load_settings(workspace))
    if partner is None:
        what = f"the file of partner {partner_id} has mistakes"
        raise ConfigurationError(what, tuple(map(str, marked.findings)))
    return partner


@contextmanager
def reading(file: Path, workspace: Path, partner_id: str | None = None) -> Iterator[Manner]:
    """Lend how to read a file: its beginning says so, or what is agreed with its sender.

    Raises `ConfigurationError` for an unknown partner, and for mistakes in guides and schemas.
    """
    partner = None if partner_id is None else known_partner(workspace, partner_id)
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    official = load_official(workspace)
    try:
        if partner is None:
            yield Manner(_syntax(head), official)
        else:
            yield _agreed(partner, head, _with_own(official, workspace))
    finally:
        official.close()


def units_of(file: Path, manner: Manner) -> Iterator[Message | Fault | Envelope]:
    """Give what a file of EDI holds, message by message: none but the one at hand is kept."""
    with file.open("rb") as stream:
        yield from manner.exchange.messages(iter(partial(stream.read, HEAD), b""), manner.dialect)


def library_of(workspace: Path, partner_id: str | None = None) -> Library:
    """Return the mappings that count in a workspace, for one partner if it is named."""
    base = workspace_library(shipped_library(), workspace)
    if partner_id is None:
        return base
    return PartnerLibraries(base).partner(
        workspace / FOLDER / known_partner(workspace, partner_id).id
    )


def _with_own(official: Official, workspace: Path) -> Official:
    """Return what is installed with the guides and schemas of a workspace."""
    flat = load_flatfiles(workspace)
    guides = sound_guides(workspace, tuple(flat.values()), partial(find, workspace))
    return replace(official, flat=flat, guides=guides)


def _agreed(partner: Partner, head: bytes, official: Official) -> Manner:
    syntax, name = _syntax(head), partner.edi.flat
    if name is None or syntax == "cxml":
        return Manner(syntax, official, partner.dialect_of(syntax))
    schema = official.flat.get(f"{partner.id}/{name}") or official.flat.get(name)
    return Manner(FLAT, official, partner.dialect_of(FLAT), schema)


def _syntax(head: bytes) -> str:
    return "cxml" if head.lstrip(BLANK)[:1] == b"<" else syntax_in(head)
