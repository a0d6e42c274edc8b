"""Lint the workspace: settings, partners, secrets, overlays; every finding with its place."""

import json
from dataclasses import dataclass
from pathlib import Path

import click

from gateway.cli.workspace import workspace_option
from gateway.errors import ConfigurationError, NotFoundError
from gateway.partners.library import PartnerLibraries, shipped_library, workspace_library
from gateway.partners.loader import FOLDER, examine_partners, partner_folders
from gateway.partners.vault import Vault
from gateway.settings import Settings, load_settings
from gateway.settings.model import Identity


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
    errors += [str(each) for each in found]
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
