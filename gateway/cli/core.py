"""Examine the core: tell whether it is there and keeps the contract."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gateway.cli.commands import Group
from gateway.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from gateway.app import Gateway


EMBEDDED: Final = "embedded"


@click.group(cls=Group)
def core() -> None:
    """Examine the ERP or commerce core."""


@core.command()
@click.option("--customer", help="A customer that the core knows; default: the first partner's.")
@click.option("--write", is_flag=True, help="Also submit, change and cancel marked test orders.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a scenario.")
@workspace_option
def check(customer: str | None, workspace: Path, *, write: bool, as_json: bool) -> None:
    """Try whether the core of the workspace keeps the contract, scenario by scenario.

    Only asks questions unless --write is given; then it submits orders that say they are tests,
    under references that begin with CONFORMANCE-, and cancels them. Exit code 0 when every promise
    is kept, 1 when one is not.
    """
    from gateway.app import open_gateway, prepare
    from gateway.connectors.conformance import (
        SCENARIOS,
        Subject,
        complaints,
    )

    gateway = open_gateway(workspace)
    if gateway.settings.core.kind == EMBEDDED:
        prepare(workspace)  # its tables and data are ours to make, as `gateway run` does
    broken = 0
    try:
        subject = Subject(
            core=gateway.core,
            customer_id=customer or _first_customer(gateway),
            now=gateway.ambient.now(),
            new_id=gateway.ambient.new_id,
        )
        for scenario in SCENARIOS:
            if scenario.writes and not write:
                continue
            found = complaints(scenario, subject)
            broken += bool(found)
            click.echo(
                json.dumps({"scenario": scenario.name, "promise": scenario.promise,
                            "kept": not found, "complaints": found})
                if as_json
                else _line(scenario.promise, found)
            )  # fmt: skip
    finally:
        gateway.close()
    if not write and not as_json:
        click.echo("read-only scenarios; --write tries orders too")
    raise SystemExit(1 if broken else 0)


def _line(promise: str, found: tuple[str, ...]) -> str:
    mark = "broken" if found else "kept  "
    return "\n".join((f"{mark}  {promise}", *(f"        {one}" for one in found)))


def _first_customer(gateway: "Gateway") -> str:
    for partner in gateway.partners:
        if partner.customer:
            return partner.customer
    message = "no partner names a customer; name one with --customer"
    raise click.UsageError(message)


@core.command()
@click.argument("order")
@workspace_option
def ship(order: str, workspace: Path) -> None:
    """Report that ORDER left whole, in one carton (embedded core only).

    ORDER is the core's number or our reference. The worker sends the despatch advice to the partner
    where that is agreed. Exit code 0, also when it was reported before.
    """
    _report(order, workspace, "ship")


@core.command()
@click.argument("order")
@workspace_option
def bill(order: str, workspace: Path) -> None:
    """Report the invoice of ORDER, whole, with the tax of its products (embedded core only).

    ORDER is the core's number or our reference. The worker sends the invoice to the partner where
    that is agreed. Exit code 0, also when it was reported before.
    """
    _report(order, workspace, "bill")


def _report(name: str, workspace: Path, what: str) -> None:
    from gateway.connectors.embedded import EmbeddedCore

    with opened(workspace) as gateway:
        held = gateway.core
        if not isinstance(held, EmbeddedCore):
            message = "only the embedded core ships and bills by hand; another reports by itself"
            raise click.UsageError(message)
        report = held.shipped(name) if what == "ship" else held.billed(name)
        if report is None:
            message = f"the core has no order {name}; look with: gateway messages list"
            raise click.UsageError(message)
        new = held.report(report)
    click.echo(f"{report.report_id}: {'reported' if new else 'was reported before'}")
