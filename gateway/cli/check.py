"""Lint the workspace: settings, partners, secrets, guides, overlays; findings with places."""

import json
from dataclasses import dataclass
from pathlib import Path

import click

from edi.overlay import overlaid
from gateway.cli.workspace import workspace_option
from gateway.errors import ConfigurationError, NotFoundError
from gateway.partners.flatfiles import read_flatfiles
from gateway.partners.guides import read_guides
from gateway.partners.library import PartnerLibraries, shipped_library, workspace_library
from gateway.partners.loader import FOLDER, examine_partners, partner_folders
from gateway.partners.vault import Vault
from gateway.settings import Settings, load_settings
from gateway.settings.findings import Finding
from gateway.settings.model import Identity
from gateway.standards.directories import find


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
    """Return all findings of a workspace, or those that name one partner's folder."""
    errors: list[str] = []
    try:
        settings = load_settings(workspace)
    except ConfigurationError as error:
        settings = _stand_in(workspace)
        errors += error.findings
    vault = Vault(workspace, data_folder=settings.data_folder)
    _, found = examine_partners(workspace, vault, settings)
    _, of_files = read_flatfiles(workspace)
    errors += [str(each) for each in (*found, *_guides(workspace), *of_files)]
    warnings = [f"{vault.key_file}: warning: {weakness}" for weakness in vault.weaknesses()]
    libraries = PartnerLibraries(workspace_library(shipped_library(), workspace))
    for folder in partner_folders(workspace):
        wrong, doubtful = _overlay(libraries, folder)
        errors += wrong
        warnings += doubtful
    if partner is not None:
        mark = f"{FOLDER}/{partner}/"
        errors = [each for each in errors if mark in each]
        warnings = [each for each in warnings if mark in each]
    return Report(tuple(errors), tuple(warnings))


def _guides(workspace: Path) -> list[Finding]:
    """Return what is wrong with the guides, by themselves and over their editions."""
    guides, findings = read_guides(workspace)
    for told in guides.values():
        guide, where = told.guide, told.marked.where(("edition",))
        try:
            found = find(workspace, guide.edition)
        except ConfigurationError as error:
            findings.append(Finding(where, "edition", str(error)))
            continue
        if found is None:
            hint = "`gateway edi directory import` adds it"
            findings.append(Finding(where, "edition", f"no {guide.edition} is here", hint))
        else:
            findings += told.findings(overlaid(found[0], guide, found[1]).wrong)
    return findings


def _overlay(libraries: PartnerLibraries, folder: Path) -> tuple[list[str], list[str]]:
    """Return what is wrong, and what is doubtful, in a partner's own mappings and tables."""
    try:
        found = libraries.findings(folder)
    except ConfigurationError as error:
        return [f"{FOLDER}/{folder.name}: {each}" for each in error.findings], []
    errors = [str(each) for each in found if each.severity == "error"]
    return errors, [str(each) for each in found if each.severity != "error"]


def _stand_in(workspace: Path) -> Settings:
    """Return settings to judge partners by while the real ones are broken."""
    anybody = Identity(domain="DUNS", identity="0")
    return Settings.model_construct(workspace=workspace, identities=(anybody,))
