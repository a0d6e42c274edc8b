"""List, show, replay and release messages: what a person does when something waits.

Exit codes: 0 done, 1 it cannot be done (the message says why), 2 wrong usage.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
import msgspec

from canonical.faults import sentence
from canonical.order import Order
from canonical.stored import load
from gateway.cli.commands import Group
from gateway.cli.harmless import harmless_bytes, harmless_value
from gateway.cli.workspace import opened, workspace_option
from gateway.pipeline.states import State

if TYPE_CHECKING:
    from canonical.identifiers import Attachment
    from gateway.app import Gateway
    from gateway.pipeline.operations import Shown
    from gateway.store.messages import StoredMessage
    from gateway.store.timeline import Entry

ResultT = TypeVar("ResultT")

OVERDUE = "overdue"
STATES = tuple(state.value for state in State)
ACKNOWLEDGED = ("none", "pending", OVERDUE, "positive", "negative")
ENDLESS = (1_000_000, 24)
"""Columns and lines of what is no terminal: programs get whole lines."""
COLUMNS = ("state", "partner", "name", "order", "core", "updated", "message")
SHOWN_FIELDS = (
    "partner",
    "name",
    "state",
    "validation",
    "delivery",
    "acknowledgement",
    "order_id",
    "order_version",
    "core_key",
    "core_number",
    "external_id",
    "mapping",
    "cause",
)

WAYS_OUT = (
    ("release {} --reason TEXT", "let it go on as it is"),
    ("release {} --reason TEXT --reject", "refuse it; the partner is told"),
    ("replay {}", "judge it anew, when the cause is gone"),
)
WAYS_OF_OURS = (("release {} --reason TEXT", "send it again, when the cause is gone"),)
WAYS_OF_AN_INTERCHANGE = (
    ("release {} --reason TEXT", "take its messages out, when the cause is gone"),
    ("release {} --reason TEXT --reject", "refuse it whole; its sender is not told"),
)


@click.group(cls=Group)
def messages() -> None:
    """Look at messages and decide about those that wait."""


@messages.command("list")
@workspace_option
@click.option("--state", type=click.Choice(STATES), help="Only messages in this state.")
@click.option("--partner", help="Only messages of this partner.")
@click.option("--reference", help="Only messages with exactly this number or name.")
@click.option("--text", help="Only messages with a number or name that contains this.")
@click.option(
    "--acknowledgement",
    type=click.Choice(ACKNOWLEDGED),
    help="Only messages whose acknowledgement stands so.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_command(workspace: Path, limit: int, *, as_json: bool, **wanted: str | None) -> None:
    """List messages, newest first."""
    from gateway.pipeline.operations import list_messages
    from gateway.store.messages import MessageFilter

    chosen = MessageFilter(limit=limit, **wanted)  # type: ignore[arg-type]  # the options above
    found = _with(workspace, lambda gateway: list_messages(gateway.database, chosen))
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], indent=2))
    else:
        _table([_row(one) for one in found])
        _say_who_waits(found)


@messages.command()
@workspace_option
@click.argument("message_id")
@click.option("--payload", is_flag=True, help="Print the archived bytes too; secrets are blanked.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(workspace: Path, message_id: str, *, payload: bool, as_json: bool) -> None:
    """Show one message: where it stands, what happened, and its bytes.

    MESSAGE_ID is our own id, or any number that only one message has: a payloadID, an order number.
    """
    from gateway.pipeline.operations import message_named, show_message

    def work(gateway: "Gateway") -> "Shown":
        named = message_named(gateway.database, message_id)
        return show_message(gateway.database, gateway.equipment.archive, named, payload=payload)

    shown = _with(workspace, work)
    if as_json:
        click.echo(json.dumps(_plain_shown(shown), indent=2))
    else:
        _print_shown(shown)


@messages.command()
@workspace_option
@click.argument("message_id")
@click.option("--reason", default="", help="Why; it goes on the timeline.")
@click.option("--current-mapping", is_flag=True, help="Map it again from the archived bytes.")
def replay(workspace: Path, message_id: str, reason: str, *, current_mapping: bool) -> None:
    """Work on a message anew, under the same reference in the core."""
    from gateway.pipeline import operations

    def work(gateway: "Gateway") -> None:
        try:
            operations.replay(
                gateway.equipment, message_id, reason, current_mapping=current_mapping
            )
        except operations.ReplayError as error:
            for fault in error.faults:
                click.echo(harmless_value(f"  {sentence(fault)}"), err=True)
            raise

    _with(workspace, work)
    click.echo(f"{message_id} is worked on anew; see: gateway messages show {message_id}")


@messages.command()
@workspace_option
@click.argument("message_id")
@click.option("--reason", required=True, help="Why; it goes on the timeline.")
@click.option("--reject", is_flag=True, help="Refuse it instead; the partner is told.")
def release(workspace: Path, message_id: str, reason: str, *, reject: bool) -> None:
    """Let a held message go on, or refuse it; one of ours is sent again."""
    from gateway.pipeline import operations

    def work(gateway: "Gateway") -> None:
        if reject:
            operations.refuse(gateway.workshop, message_id, reason)
        else:
            operations.release(gateway.equipment, message_id, reason)

    _with(workspace, work)
    done = "rejected" if reject else "released"
    click.echo(f"{message_id} is {done}; see: gateway messages show {message_id}")


def _with(workspace: Path, work: "Callable[[Gateway], ResultT]") -> ResultT:
    with opened(workspace) as gateway:
        return work(gateway)


def _row(message: "StoredMessage") -> tuple[str, ...]:
    cells = (
        message.state,
        message.partner or "-",
        f"{'<-' if message.direction == 'in' else '->'} {message.name or 'unreadable'}",
        message.order_id or "-",
        message.core_number or "-",
        _when(message.updated_at),
        message.id,
    )
    return tuple(harmless_value(cell) for cell in cells)


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    if not rows:
        click.echo("no messages")
        return
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    if sum(widths) + 2 * len(widths) - 2 > shutil.get_terminal_size(ENDLESS).columns:
        for row in rows:
            _two_lines(row)
        return
    for row in (COLUMNS, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _two_lines(row: tuple[str, ...]) -> None:
    """Print a message for a terminal that has no room for the table."""
    state, partner, name, order, core, updated, message_id = row
    numbers = "  ".join(number for number in (order, core) if number != "-")
    click.echo(f"{state:9}  {name:23}  {numbers}".rstrip())
    click.echo(f"           {message_id}  {updated[5:]}  {partner}")


def _say_who_waits(found: Sequence["StoredMessage"]) -> None:
    held = [one.id for one in found if one.state == State.HELD]
    if held:
        wait = "1 message waits" if len(held) == 1 else f"{len(held)} messages wait"
        click.echo(f"{wait} for a person; why: gateway messages show {held[0]}", err=True)
    if any(one.acknowledgement == OVERDUE for one in found):
        click.echo(
            "acknowledgements are overdue: gateway messages list --acknowledgement overdue",
            err=True,
        )


def _print_shown(shown: "Shown") -> None:
    message = shown.message
    click.echo(f"message {message.id}")
    fields = [(name.replace("_", " "), getattr(message, name)) for name in SHOWN_FIELDS]
    files = [("attachment", _file_words(one)) for one in _attachments(message)]
    for name, value in (*fields, *shown.references, *files):
        if value not in (None, ""):
            click.echo(harmless_value(f"  {name:16} {value}"))
    click.echo("timeline")
    for entry in shown.timeline:
        _print_entry(entry)
    if message.state == State.HELD:
        _print_ways_out(message)
    for title, content in (("payload", shown.payload), ("reply", shown.reply)):
        if content is not None:
            click.echo(f"{title} ({len(content)} bytes)")
            click.echo(harmless_bytes(content))


def _attachments(message: "StoredMessage") -> "tuple[Attachment, ...]":
    """Return the files that came with an order, those of its lines behind its own."""
    document = None if message.document is None else load(message.document)
    if not isinstance(document, Order):
        return ()
    of_lines = (file for line in document.lines for file in line.attachments)
    return (*document.attachments, *of_lines)


def _file_words(one: "Attachment") -> str:
    size = "" if one.size is None else f"{one.size} bytes"
    words = (one.file_name or one.content_id or one.url, one.media_type, size)
    return "  ".join(filter(None, words))


def _print_ways_out(message: "StoredMessage") -> None:
    from gateway.pipeline.operations import INTERCHANGE

    ways = WAYS_OF_AN_INTERCHANGE if message.kind == INTERCHANGE else WAYS_OUT
    click.echo("it waits for a person:")
    for options, effect in WAYS_OF_OURS if message.direction == "out" else ways:
        click.echo(f"  gateway messages {options.format(message.id)}")
        click.echo(f"      {effect}")


def _print_entry(entry: "Entry") -> None:
    attempt = f" (attempt {entry.attempt})" if entry.attempt > 1 else ""
    took = f"{entry.duration_us / 1000:.1f} ms"
    click.echo(f"  {_when(entry.at)}  {entry.step}{attempt} -> {entry.state}, {took}")
    if entry.note:
        click.echo(harmless_value(f"      {entry.note}"))
    for fault in entry.faults:
        click.echo(harmless_value(f"      {fault.severity}: {sentence(fault)}"))


def _plain(message: "StoredMessage") -> dict[str, object]:
    names = ("id", "direction", "syntax", "jobs", "test", *SHOWN_FIELDS)
    values: dict[str, object] = {name: getattr(message, name) for name in names}
    return values | {
        "created_at": message.created_at.isoformat(),
        "updated_at": message.updated_at.isoformat(),
    }


def _plain_shown(shown: "Shown") -> dict[str, object]:
    return {
        **_plain(shown.message),
        "attachments": [msgspec.to_builtins(one) for one in _attachments(shown.message)],
        "references": [{"kind": kind, "value": value} for kind, value in shown.references],
        "timeline": [
            {
                "at": entry.at.isoformat(),
                "step": entry.step,
                "attempt": entry.attempt,
                "state": entry.state,
                "input": entry.input_sha256,
                "output": entry.output_sha256,
                "mapping": entry.mapping,
                "duration_us": entry.duration_us,
                "note": entry.note,
                "faults": [
                    {"code": one.code, "severity": one.severity, "text": sentence(one)}
                    for one in entry.faults
                ],
            }
            for entry in shown.timeline
        ],
        "payload": _text(shown.payload),
        "reply": _text(shown.reply),
    }


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "backslashreplace")


def _when(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S")
