"""Lint the workspace: settings, partners, secrets, core, guides, overlays, all with places."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from gateway.cli.check_core import examine_core
from gateway.cli.workspace import workspace_option
from gateway.errors import ConfigurationError, NotFoundError
from gateway.partners.agreements import FLAT
from gateway.partners.flatfiles import read_flatfiles, schema_names, shipped_schemas
from gateway.partners.guide_lint import judge_guides, unheeded
from gateway.partners.guides import FOLDER as GUIDES
from gateway.partners.guides import GuideFile, read_guides
from gateway.partners.library import PartnerLibraries, shipped_library, workspace_library
from gateway.partners.loader import FOLDER, examine_partners, partner_folders, read_partner
from gateway.partners.vault import Vault
from gateway.settings import Settings, load_settings
from gateway.settings.findings import Finding, dotted
from gateway.settings.model import Identity
from gateway.standards.directories import find
from mappings.engine.library import MappingError


@click.command()
@click.argument("partner", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@workspace_option
def check(*, partner: str | None, as_json: bool, workspace: Path) -> None:
    """Lint the workspace, or one PARTNER of it; ends with code 1 if anything is wrong."""
    folders = {folder.name for folder in partner_folders(workspace)}
    if partner is not None:
        partner = Path(partner).name
        if partner not in folders:
            known = ", ".join(sorted(folders)) or "none"
            message = f'there is no partner "{partner}" in {FOLDER}/; known: {known}'
            raise NotFoundError(message)
    report = gather(workspace, partner)
    if as_json:
        click.echo(json.dumps([*report.errors, *report.warnings], ensure_ascii=False, indent=2))
    else:
        for finding in (*report.errors, *report.warnings):
            click.echo(finding)
        count = 1 if partner else len(folders)
        click.echo(
            f"{len(report.errors)} error(s), {len(report.warnings)} warning(s) "
            f"in {count} partner(s)",
            err=True,
        )
    if report.errors:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True)
class Report:
    """Hold findings as lines; warnings alone leave the workspace usable."""

    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def gather(workspace: Path, partner: str | None = None) -> Report:
    """Return all findings of a workspace, or those of one partner's folder and of guides.

    Guides are of many partners; they count for one that names any.
    """
    errors: list[str] = []
    try:
        settings = load_settings(workspace)
    except ConfigurationError as error:
        settings = _stand_in(workspace)
        errors += error.findings
    settings_read = not errors
    vault = Vault(workspace, data_folder=settings.data_folder)
    partners, found = examine_partners(workspace, vault, settings)
    schemas, of_files = read_flatfiles(workspace)
    guides, of_guides = read_guides(workspace)
    every_schema = [*shipped_schemas().values(), *schemas.values()]
    of_guides += judge_guides(guides.values(), every_schema, partial(find, workspace))
    errors += [str(each) for each in (*found, *of_guides, *of_files)]
    warnings = [f"{vault.key_file}: warning: {weakness}" for weakness in vault.weaknesses()]
    if settings_read:
        customers = {one.id: one.customer for one, _ in partners}
        wrong_core, doubtful_core = examine_core(settings, vault, customers)
        errors += wrong_core
        warnings += doubtful_core
    libraries = PartnerLibraries(workspace_library(shipped_library(), workspace))
    for folder in partner_folders(workspace):
        wrong, doubtful = _overlay(libraries, folder)
        wrong += [str(one) for one in _unmapped(libraries, folder, settings)]
        doubtful += [str(one) for one in _unheeded(libraries, folder, settings, guides)]
        errors += wrong
        warnings += doubtful
    if partner is not None:
        marks = [f"{FOLDER}/{partner}/"]
        marks += [f"{GUIDES}/" for one, _ in partners if one.id == partner and one.edi.guide]
        errors = [each for each in errors if any(mark in each for mark in marks)]
        warnings = [each for each in warnings if any(mark in each for mark in marks)]
    return Report(tuple(errors), tuple(warnings))


def _overlay(libraries: PartnerLibraries, folder: Path) -> tuple[list[str], list[str]]:
    """Return what is wrong, and what is doubtful, in a partner's own mappings and tables."""
    try:
        found = libraries.findings(folder)
    except ConfigurationError as error:
        return [f"{FOLDER}/{folder.name}: {each}" for each in error.findings], []
    errors = [str(each) for each in found if each.severity == "error"]
    return errors, [str(each) for each in found if each.severity != "error"]


def _unmapped(libraries: PartnerLibraries, folder: Path, settings: Settings) -> Iterator[Finding]:
    """Give the schemas of flat files that a partner names and no mapping reads or writes."""
    marked, partner = read_partner(folder, settings)
    agreed = None if partner is None else partner.edi
    if agreed is None or not (agreed.flat or agreed.files):
        return
    try:
        library = libraries.partner(folder)
        schemas = schema_names(folder)
        if agreed.flat in schemas and library.reader(FLAT, agreed.flat) is None:
            what = f"no mapping reads flat/{agreed.flat}"
            hint = f"mapping: flat/{agreed.flat} -> Order, in partners/{folder.name}/mappings/"
            yield Finding(marked.where(("edi", "flat")), "edi.flat", what, hint)
        for document, name in agreed.files.items():
            if name in schemas and library.writer(FLAT, document, name) is None:
                path = ("edi", "files", document)
                hint = f"mapping: {document} -> flat/{name}, in partners/{folder.name}/mappings/"
                what = f"no mapping writes {document} to flat/{name}"
                yield Finding(marked.where(path), dotted(path), what, hint)
    except (ConfigurationError, MappingError):
        return  # told as what is wrong with the mapping


def _unheeded(
    libraries: PartnerLibraries,
    folder: Path,
    settings: Settings,
    guides: Mapping[str, GuideFile],
) -> list[Finding]:
    """Return for which messages that leave for a partner its guide does nothing."""
    marked, partner = read_partner(folder, settings)
    if partner is None or partner.edi.guide not in guides:
        return []
    try:
        entries = libraries.partner(folder).entries()
    except ConfigurationError:
        return []  # told as what is wrong with the mapping
    heads = [entry.head for entry in entries if entry.head is not None and not entry.head.reads]
    agreed = partner.edi
    sent = {
        head.message.partition(".")[0]
        for head in heads
        if head.syntax == agreed.syntax and head.document.__name__ in agreed.documents
    }
    return unheeded(partner, marked, guides, sent)


def _stand_in(workspace: Path) -> Settings:
    """Return settings to judge partners by while the real ones are broken."""
    anybody = Identity(domain="DUNS", identity="0")
    return Settings.model_construct(workspace=workspace, identities=(anybody,))
