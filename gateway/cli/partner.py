"""Add and list partners: a buyer is one folder of the workspace."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from gateway.cli.commands import Group
from gateway.cli.workspace import read_secret, workspace_option
from gateway.partners.files import Draft, create_partner, refuse_taken
from gateway.partners.loader import DEFAULT_PROFILE, examine_partners
from gateway.partners.logins import face_of
from gateway.partners.model import Partner
from gateway.partners.profile import load_profile, profile_names
from gateway.partners.vault import Vault
from gateway.settings import load_settings
from gateway.settings.model import Identity


class IdentityType(click.ParamType[Identity]):
    """Read `DOMAIN:VALUE`; the value may hold colons, the domain may not."""

    name = "DOMAIN:VALUE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Identity:
        """Return the identity, or fail as click does."""
        domain, colon, identity = str(value).partition(":")
        if not (domain.strip() and colon and identity.strip()):
            self.fail(f"expected DOMAIN:VALUE such as NetworkId:AN01, found {value!r}", param, ctx)
        return Identity(domain=domain, identity=identity)


IDENTITY = IdentityType()


@click.group(cls=Group)
def partner() -> None:
    """Add and list partners."""


@partner.command()
@click.argument("partner_id", metavar="ID")
@click.option("--name", help="The partner's name; the id if not given.")
@click.option(
    "--profile",
    type=click.Choice(profile_names()),
    default=DEFAULT_PROFILE,
    show_default=True,
    help="The system that the buyer uses.",
)
@click.option("--customer", required=True, help="The customer's number in the core.")
@click.option(
    "--identity",
    "identities",
    type=IDENTITY,
    multiple=True,
    required=True,
    help="Who they are in From and Sender; may be given several times.",
)
@click.option(
    "--supplier",
    type=IDENTITY,
    multiple=True,
    help="Who we are for them (To); `identities` of gateway.toml if not given.",
)
@click.option("--return-host", "return_hosts", multiple=True, help="Host that carts may go to.")
@click.option("--secret-stdin", is_flag=True, help="Read the shared secret from standard input.")
@workspace_option
def new(  # noqa: PLR0913 -- one parameter an option
    *,
    partner_id: str,
    name: str | None,
    profile: str,
    customer: str,
    identities: tuple[Identity, ...],
    supplier: tuple[Identity, ...],
    return_hosts: tuple[str, ...],
    secret_stdin: bool,
    workspace: Path,
) -> None:
    """Write a folder for a new partner that works at once."""
    settings = load_settings(workspace)
    refuse_taken(workspace, partner_id)  # before a secret is typed for nothing
    draft = Draft(
        id=partner_id,
        name=name or partner_id,
        profile=profile,
        customer=customer,
        identities=identities,
        supplier=supplier,
        return_hosts=return_hosts,
        secret=read_secret(from_stdin=secret_stdin),
    )
    vault = Vault(workspace, data_folder=settings.data_folder)
    file = create_partner(workspace, draft, vault, settings)
    click.echo(f"{file.relative_to(workspace)} written; a running gateway takes it at once")
    for address in _addresses(settings.base_url, partner_id, identities):
        click.echo(address)
    system = load_profile(profile)
    if not system.buyer.order_secret:
        click.echo(
            f"note: orders from {system.title} carry no shared secret unless it is set up there; "
            "have it\n      set up, or name their networks under `cxml:` as the file shows"
        )


def _addresses(base_url: str, partner_id: str, identities: tuple[Identity, ...]) -> Iterator[str]:
    """Give what their systems are told, by the domains of their identities."""
    faces = {face_of(each.domain) for each in identities}
    if "oci" in faces:
        yield f"their system calls {base_url}/oci/{partner_id} with user name and password"
    if "ubl" in faces:
        yield f"their system posts its Peppol login to {base_url}/peppol/punchout/{partner_id}"
    if "cxml" in faces:
        yield f"their system posts to {base_url}/cxml"
    if None in faces:
        yield f"their system posts EDI to {base_url}/edi with the secret, or drops files: edi.inbox"


@partner.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@workspace_option
def list_partners(*, as_json: bool, workspace: Path) -> None:
    """List all partners; those that cannot be read are told on standard error."""
    settings = load_settings(workspace)
    vault = Vault(workspace, data_folder=settings.data_folder)
    loaded, findings = examine_partners(workspace, vault, settings)
    if as_json:
        rows = [_row(each) for each, _ in loaded]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for each, _ in loaded:
            click.echo(_line(each))
        if not (loaded or findings):
            click.echo("no partners yet; `gateway partner new` adds one", err=True)
    if findings:
        click.echo(f"{len(findings)} finding(s); `gateway check` shows them", err=True)


def _line(each: Partner) -> str:
    identities = ", ".join(f"{one.domain}:{one.identity}" for one in each.identities)
    return (
        f"{each.id:<24} {each.state.value:<8} {each.profile:<9} "
        f"{each.customer:<10} {each.name}  ({identities})"
    )


def _row(each: Partner) -> dict[str, object]:
    return {
        "id": each.id,
        "name": each.name,
        "state": each.state.value,
        "profile": each.profile,
        "customer": each.customer,
        "identities": [one.model_dump() for one in each.identities],
    }
