"""Show the whole product on one machine: a supplier, two buyers, and what to click.

`gateway demo` serves until it is stopped; `gateway demo --once` plays every buyer by itself and
ends with code 0 only when each order is in the core.
"""

import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.markup import escape

from gateway.app import BUYER_CONSOLE, Gateway, open_gateway
from gateway.buyer.account import faces_of
from gateway.buyer.enrolment import Enrolment, begin, enrol
from gateway.buyer.findings import finding_line
from gateway.buyer.offices import person_of
from gateway.buyer.report import Step
from gateway.buyer.rules import Weight
from gateway.cli.buyer import again, shop, show_step
from gateway.cli.demo_workspace import alone, make_workspace, own_port
from gateway.cli.run import Running, start_processes, stop_as_by_hand
from gateway.errors import CoreError
from gateway.pipeline.operations import list_messages
from gateway.plugins import faces
from gateway.settings import load_settings
from gateway.store.messages import MessageFilter, StoredMessage
from gateway.store.timeline import timeline_of

PATIENCE_SECONDS: Final = 60.0
PICKED: Final = 3
PORTS_TRIED: Final = 50
FINAL_STATES: Final = frozenset({"delivered", "tested", "rejected", "held", "cancelled", "refused"})


@click.command()
@click.option("--once", is_flag=True, help="Play every buyer without a person, then stop.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the gateway.")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Folder of the demo's workspace; made if missing, kept if there.",
)
def demo(*, once: bool, port: int | None, directory: Path) -> None:
    """Start a demo supplier with two buyers and show what to click."""
    stop_as_by_hand()
    console = Console(soft_wrap=True, highlight=False)
    workspace = make_workspace(directory)
    with alone(workspace), _served(workspace, port, console) as running:
        if once:
            passed = play_all(workspace, running, console)
            if not passed:
                raise click.exceptions.Exit(1)
        else:
            _serve(workspace, running, console)


@contextmanager
def _served(workspace: Path, port: int | None, console: Console) -> Iterator[Running]:
    """Lend a running gateway; what was started is stopped at the end, however it comes."""
    settings = load_settings(workspace)
    wanted = settings.port
    with nullcontext(port) if port else own_port(settings.host, wanted, PORTS_TRIED) as chosen:
        if port is None and chosen != wanted:
            console.print(f"[yellow]port {wanted} is taken; using {chosen}[/]")
        console.print(f"Preparing the demo in [bold]{escape(str(workspace))}[/] ...")
        running = start_processes(workspace, chosen)
        try:
            yield running
        finally:
            running.stop()


# -- without a person


def play_all(workspace: Path, running: Running, console: Console) -> bool:
    """Let every buyer punch out by each of its faces, shop, order and look again.

    True when all orders arrived.
    """
    gateway = open_gateway(workspace)
    try:
        results = [
            _play(
                gateway,
                enrol(workspace, partner.id, faces, url=running.base_url, syntax=face),
                console,
            )
            for partner in gateway.partners
            for face in faces_of(partner)
        ]
    finally:
        gateway.close()
    if results and all(results):
        console.print(f"\n[green]All {len(results)} orders are in the core.[/]")
        return True
    console.print(f"\n[red]{results.count(False)} of {len(results)} journeys failed.[/]")
    return False


def _play(gateway: Gateway, enrolment: Enrolment, console: Console) -> bool:
    partner = gateway.partners.get(enrolment.account.partner)
    person = person_of(gateway.core.customer(partner.customer))
    who = f"[bold]{escape(partner.name)}[/] ({partner.profile}), {escape(person.name)}"
    console.print(f"\n{who}, by {enrolment.account.face}")

    def shown(step: Step) -> None:
        show_step(console, step)
        for finding in step.findings:
            colour = "red" if finding.weight is Weight.BLOCKING else "yellow"
            console.print(f"    [{colour}]{escape(finding_line(finding))}[/]")

    with begin(enrolment, person, shown) as journey:
        if not shop(journey, (), PICKED):
            return False
        again(journey)
        ordered = journey.order()
        if not ordered.done:
            return False
        journey.repeat()
        arrived = _arrival(gateway, ordered.message_ids[0], console)
        return arrived and journey.report().passed


def _arrival(gateway: Gateway, payload_id: str, console: Console) -> bool:
    """Wait until the order has come to an end in the gateway, then look for it in the core."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    message = _message(gateway, payload_id)
    while message is None or message.state not in FINAL_STATES:
        if time.monotonic() > deadline:
            state = "unknown to the gateway" if message is None else message.state
            console.print(f"[red]✗ after {PATIENCE_SECONDS:.0f} s the order is {state}[/]")
            return False
        time.sleep(0.1)
        message = _message(gateway, payload_id)
    with gateway.database.read() as connection:
        steps = [entry.step for entry in timeline_of(connection, message.id)]
    console.print(f"[dim]  on record: {' → '.join(steps)}; now {message.state}[/]")
    console.print(f"    [dim]message {message.id}[/]")
    return _in_core(gateway, message, console)


def _message(gateway: Gateway, payload_id: str) -> StoredMessage | None:
    found = list_messages(gateway.database, MessageFilter(reference=payload_id, limit=20))
    return next((message for message in found if message.external_id == payload_id), None)


def _in_core(gateway: Gateway, message: StoredMessage, console: Console) -> bool:
    try:
        order = gateway.core.order(message.core_key) if message.core_key else None
    except CoreError as error:
        console.print(f"[red]✗ the core could not be asked: {escape(str(error))}[/]")
        return False
    if order is None:
        console.print(
            f"[red]✗ the order is {message.state} and not in the core; "
            f"`gateway messages show {message.id}` says why[/]"
        )
        return False
    console.print(
        f"[green]✓ the order is in the core as {escape(order.order_number)}[/]  "
        f"[dim]{order.state}, {len(order.lines)} lines[/]"
    )
    return True


# -- for a person


def _serve(workspace: Path, running: Running, console: Console) -> None:
    """Explain what to click, and wait for Ctrl-C."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    explain(workspace, running, console)
    stopping.wait()
    console.print("\nStopping ...")


def explain(workspace: Path, running: Running, console: Console) -> None:
    """Print the addresses, and what to try."""
    console.print()
    console.print("[bold]Your gateway runs, with a demo supplier and two buyers.[/]")
    console.print()
    desk = f"{running.base_url}{BUYER_CONSOLE}/"
    console.print(f"  [bold]1.[/] Open the buyers' side:   [bold cyan]{desk}[/]")
    console.print("     Pick a buyer, by cXML, OCI or Peppol: the shop opens in a frame, with what")
    console.print("     was asked and answered beside it.")
    console.print(
        "  [bold]2.[/] Search, look at contract prices, fill the cart, [bold]Transfer cart[/]."
    )
    console.print(
        "  [bold]3.[/] Back at the buyer: [bold]Order this cart[/], or change it in the shop."
    )
    console.print("  [bold]4.[/] See what happened, step by step:")
    command, where = _spelt(Path(sys.argv[0]), "gateway"), f"--workspace {_spelt(workspace)}"
    console.print(f"     [bold]{command} messages list {where}[/]")
    console.print(f"     [bold]{command} messages show ID {where}[/]")
    console.print()
    console.print("  Or let a virtual buyer do it, and judge the answers:")
    there = f"--url {running.base_url} {where}"
    for words in _examples(workspace):
        console.print(f"     [bold]{command} buyer order {words} {there}[/]")
    console.print()
    console.print(f"  gateway {running.base_url}   health {running.base_url}/health/ready")
    if running.missing:
        console.print(
            "  [dim]note: some official schemas (DTDs, XSDs, rule sets) are not installed; our own "
            f"checks judge without them. `{command} standards list {where}` shows which.[/]"
        )
    console.print("  Stop with Ctrl-C; run it again to go on where you stopped.")


def _examples(workspace: Path) -> tuple[str, ...]:
    """Return how to call the virtual buyer of the partner with most faces, once for each."""
    gateway = open_gateway(workspace)
    try:
        partner = max(gateway.partners, key=lambda each: len(faces_of(each)))
        person = person_of(gateway.core.customer(partner.customer))
        user = f"--user {person.email}"
        return tuple(f"{partner.id} --face {face} {user}" for face in faces_of(partner))
    finally:
        gateway.close()


def _spelt(path: Path, otherwise: str | None = None) -> str:
    """Return how to type `path` from here: relative if it is below, else whole or `otherwise`."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 -- resolving would leave the environment
    if absolute.is_relative_to(Path.cwd()):
        return escape(shlex.quote(str(absolute.relative_to(Path.cwd()))))
    return otherwise or escape(shlex.quote(str(absolute)))
