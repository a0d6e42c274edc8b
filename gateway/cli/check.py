"""Lint the workspace: settings, partners, secrets, overlays; every finding with its place."""

import json
from pathlib import Path

import click

from gateway.cli.workspace import workspace_option
from gateway.errors import ConfigurationError, NotFoundError
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
    findings = gather(workspace, partner)
    if as_json:
        click.echo(json.dumps(findings, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(finding)
        count = 1 if partner else len(folders)
        click.echo(f"{len(findings)} finding(s) in {count} partner(s)", err=True)
    if findings:
        raise click.exceptions.Exit(1)


def gather(workspace: Path, partner: str | None = None) -> list[str]:
    """Return all findings of a workspace, or those that name one partner's folder."""
    try:
        settings = load_settings(workspace)
    except ConfigurationError as error:
        settings = _stand_in(workspace)
        findings = list(error.findings)
    else:
        findings = []
    vault = Vault(workspace, data_folder=settings.data_folder)
    _, found = examine_partners(workspace, vault, settings)
    findings += [str(each) for each in found]
    findings += [f"{vault.key_file}: {weakness}" for weakness in vault.weaknesses()]
    if partner is None:
        return findings
    return [each for each in findings if f"{FOLDER}/{partner}/" in each]


def _stand_in(workspace: Path) -> Settings:
    """Return settings to judge partners by while the real ones are broken."""
    anybody = Identity(domain="DUNS", identity="0")
    return Settings.model_construct(workspace=workspace, identities=(anybody,))
