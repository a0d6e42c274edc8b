"""Play a procurement system: `gateway buyer punchout|order|script`.

Everything goes over HTTP, to the workspace's own gateway or to the one at `--url`. Each step
prints the ids of its messages; exit code 0 means that no finding would lose a cart or an order.
"""

import functools
import json
import mimetypes
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from canonical.amounts import decimal_of
from canonical.identifiers import Attachment
from canonical.party import Address
from canonical.punchout import Operation
from canonical.wire import Part
from gateway.buyer.account import FACES
from gateway.buyer.differ import KINDS, Difference
from gateway.buyer.documents import Person
from gateway.buyer.enrolment import begin, enrol
from gateway.buyer.findings import Finding
from gateway.buyer.journey import Journey
from gateway.buyer.report import OnStep, Report, Step
from gateway.buyer.rules import Weight
from gateway.buyer.script import play, read_script
from gateway.cli.commands import Group
from gateway.cli.harmless import harmless
from gateway.cli.workspace import workspace_option
from gateway.plugins import faces

PICKED: Final = 2
"""Products that the buyer picks by himself when none are named."""
_COLOURS: Final = {Weight.BLOCKING: "red", Weight.WARNING: "yellow"}


class Wanted(click.ParamType[tuple[str, Decimal]]):
    """Read `SKU` or `SKU=QUANTITY`."""

    name = "sku[=quantity]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Decimal]:
        """Return the number and the quantity, 1 if none is given."""
        sku, equals, spelt = str(value).rpartition("=")
        if not equals:
            sku, spelt = spelt, "1"
        quantity = decimal_of(spelt)
        if not sku or quantity is None or quantity <= 0:
            self.fail(f"{value!r} is not SKU or SKU=QUANTITY, such as 4711=12", param, ctx)
        return sku, quantity


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what the options say of who shops, and where."""

    workspace: Path
    url: str | None
    secret_stdin: bool
    user: str
    name: str
    ship_to: str | None
    face: str | None
    as_json: bool

    @property
    def secret(self) -> str | None:
        """Return the secret on the first line of stdin, if that was asked for."""
        if not self.secret_stdin:
            return None
        return sys.stdin.readline().rstrip("\r\n")

    @property
    def person(self) -> Person:
        """Return who shops; with an address id, goods go to that address of the buyer."""
        if self.ship_to is None:
            return Person(email=self.user, name=self.name)
        address = Address(address_id=self.ship_to, name=self.name)
        return Person(email=self.user, name=self.name, address=address)


def account_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say who shops, and hand them over as one argument."""

    @functools.wraps(command)
    def with_asked(**given: object) -> None:
        names = [field.name for field in fields(Asked)]
        asked = Asked(**{name: given.pop(name) for name in names})  # type: ignore[arg-type]  # click checked them
        command(asked=asked, **given)

    wrapped: Callable[..., None] = with_asked
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
        click.option("--ship-to", metavar="ID", help="The buyer's own number of the address."),
        click.option("--name", default="Virtual Buyer", help="Name of the person who shops."),
        click.option("--user", default="buyer@example.com", help="Their e-mail address."),
        click.option("--secret-stdin", is_flag=True, help="Read the shared secret from stdin."),
        click.option(
            "--face",
            type=click.Choice(tuple(FACES)),
            help="Punch out by cXML, OCI or Peppol (ubl).  [default: the partner's first]",
        ),
        click.option("--url", help="Address of the gateway.  [default: base_url of gateway.toml]"),
        workspace_option,
    ):
        wrapped = option(wrapped)
    return wrapped


def goods_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what is put into the cart."""
    pick = click.option(
        "--pick", type=click.IntRange(1, 100), help="Pick that many products yourself."
    )
    add = click.option("--add", "goods", type=Wanted(), multiple=True, help="Put it into the cart.")
    return add(pick(command))


@click.group(cls=Group)
def buyer() -> None:
    """Play a procurement system against a gateway, and judge the answers."""


@buyer.command()
@click.argument("partner")
@goods_options
@click.option("--edit/--no-edit", default=True, help="Come again with the cart, and look at it.")
@click.option("--select", metavar="SKU", help="Punch out to this product (level 2), and take it.")
@account_options
def punchout(
    partner: str,
    goods: tuple[tuple[str, Decimal], ...],
    pick: int | None,
    asked: Asked,
    *,
    edit: bool,
    select: str | None,
) -> None:
    """Punch out as PARTNER's buyer, shop, bring the cart home and judge it.

    With --select and without --add or --pick, one of the selected product is put into the cart.
    """
    if select is not None and not goods and pick is None:
        goods = ((select, Decimal(1)),)

    def steps(journey: Journey) -> None:
        if shop(journey, goods, pick, select) and edit:
            again(journey)

    run(asked, partner, steps)


@buyer.command()
@click.argument("partner")
@goods_options
@click.option("--update", is_flag=True, help="Change the order afterwards.")
@click.option("--delete", is_flag=True, help="Cancel the order afterwards.")
@click.option(
    "--split", type=click.IntRange(2, 20), metavar="N", help="Order the cart over N orders."
)
@click.option(
    "--attach",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Send this file with the order (MIME multipart).",
)
@account_options
def order(  # noqa: PLR0913 -- one parameter an option
    partner: str,
    goods: tuple[tuple[str, Decimal], ...],
    pick: int | None,
    asked: Asked,
    *,
    update: bool,
    delete: bool,
    split: int | None,
    attach: tuple[Path, ...],
) -> None:
    """Shop as PARTNER's buyer and order the cart, then once more by the same payloadID.

    With --split, what follows is done with the last of the orders.
    """
    if split and attach:
        message = "--attach sends files with one order; leave it or --split out"
        raise click.UsageError(message)
    files = [_part(path, number) for number, path in enumerate(attach, start=1)]

    def steps(journey: Journey) -> None:
        if not shop(journey, goods, pick):
            return
        ordered = journey.split(split) if split else journey.order(files=files)
        if not ordered.done:
            return
        if journey.ordered is None:
            return  # no way to send one, as the report says
        journey.repeat()
        journey.conflict()
        for kind, wanted in (("update", update), ("delete", delete)):
            if wanted and not journey.order(kind).done:
                return

    run(asked, partner, steps)


@buyer.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partner", help="Whose buyer to play, instead of the script's.")
@click.option("--check", is_flag=True, help="Only lint the script; send nothing.")
@account_options
def script(file: Path, partner: str | None, asked: Asked, *, check: bool) -> None:
    """Play the journey in FILE; all its mistakes are told before anything is sent."""
    placed = read_script(file)
    if check:
        click.echo(f"{file}: {len(placed.places)} steps, ready to be played")
        return
    partner_id = partner or placed.script.partner
    if partner_id is None:
        message = f"{file} names no partner; add `partner: ID` or give --partner"
        raise click.UsageError(message)
    asked = replace(asked, face=asked.face or placed.script.face)
    run(asked, partner_id, lambda journey: play(placed, journey))


def _part(path: Path, number: int) -> Part:
    """Return a file as it travels beside an order."""
    content = path.read_bytes()
    attachment = Attachment(
        content_id=f"file-{number}@virtual-buyer",
        file_name=path.name,
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        size=len(content),
    )
    return Part(attachment=attachment, content=content)


def shop(
    journey: Journey,
    goods: Sequence[tuple[str, Decimal]],
    pick: int | None,
    select: str | None = None,
) -> bool:
    """Punch out, fill a cart and bring it home; False when a step could not be finished."""
    if not journey.punchout(select=select).done:
        return False
    for sku, quantity in goods:
        if not journey.add(sku, quantity).done:
            return False
    count = pick or (0 if goods else PICKED)
    if count and not journey.pick(count).done:
        return False
    return journey.transfer().done


def again(journey: Journey) -> None:
    """Come again with the cart: to edit it and bring it home untouched, then only to look."""
    account = journey.post.account
    if not account.takes_carts_back:
        journey.leave_out(f"edit and inspect: {account.face} takes no cart back into the shop")
        return
    if journey.punchout(Operation.EDIT).done:
        journey.transfer()
    if journey.punchout(Operation.INSPECT).done:
        journey.cancel()


def run(asked: Asked, partner: str, steps: Callable[[Journey], None]) -> None:
    """Play `steps`, print the report and end with code 1 if something would lose an order."""
    enrolment = enrol(
        asked.workspace, partner, faces, url=asked.url, secret=asked.secret, syntax=asked.face
    )
    console = Console(soft_wrap=True, highlight=False)
    shown: OnStep = functools.partial(show_step, console)
    with begin(enrolment, asked.person, _silent if asked.as_json else shown) as journey:
        steps(journey)
        report = journey.report(enrolment.unchecked)
    if asked.as_json:
        click.echo(json.dumps(report.plain(), indent=2, ensure_ascii=False))
    else:
        show_report(console, report)
    if not report.passed:
        raise click.exceptions.Exit(1)


def _silent(_step: Step) -> None:
    """Say nothing while the report is to be JSON."""


def show_step(console: Console, step: Step) -> None:
    """Print one step: what it did, the facts, and the ids of its messages."""
    blocking = any(found.weight is Weight.BLOCKING for found in step.findings)
    mark = "[red]✗[/]" if not step.done or blocking else "[green]✓[/]"
    facts = ", ".join(f"{name} {value}" for name, value in step.facts if value)
    console.print(f"{mark} {_plain(step.title)}" + (f"  [dim]{_plain(facts)}[/]" if facts else ""))
    for message_id in step.message_ids:
        console.print(f"    [dim]payloadID {_plain(message_id)}[/]")


def show_report(console: Console, report: Report) -> None:
    """Print what became of the cart's lines in the order, the findings, then the verdict."""
    for step in report.steps:
        if step.differences:
            console.print(_compared(step.differences), soft_wrap=False)
    if report.findings:
        table = Table(
            show_lines=True, title="What the buyer's system would say", title_style="bold"
        )
        for heading in ("code", "what, and where", "what the buyer's system does, and the fix"):
            table.add_column(heading, overflow="fold")
        for finding in report.findings:
            table.add_row(*_row(finding))
        console.print(table, soft_wrap=False)
    for reason in report.unchecked:
        console.print(f"[yellow]left out:[/] {_plain(reason)}")
    counts = [found.weight for found in report.findings]
    verdict = "[green]passed[/]" if report.passed else "[red]failed[/]"
    console.print(
        f"{verdict}: {len(report.steps)} steps, {counts.count(Weight.BLOCKING)} blocking, "
        f"{counts.count(Weight.WARNING)} warnings, partner {_plain(report.partner)} "
        f"by {FACES[report.face]}"
    )


def _compared(differences: Sequence[Difference]) -> Table:
    """Return the fields of each line by what became of them from the cart to the order."""
    table = Table(title="Order against cart", title_style="bold")
    for heading in ("line", *KINDS):
        table.add_column(heading, overflow="fold")
    for line in dict.fromkeys(one.line for one in differences):
        fields = [
            [one.field for one in differences if (one.line, one.kind) == (line, kind)]
            for kind in KINDS
        ]
        table.add_row(_plain(line), *(", ".join(names) for names in fields))
    return table


def _row(finding: Finding) -> tuple[str, ...]:
    colour = _COLOURS[finding.weight]
    where = [finding.document]
    if finding.line is not None:
        where.append(f"line {finding.line}")
    where.extend(part for part in (finding.item, finding.path) if part)
    what = finding.message
    if finding.found is not None:
        what += f"\nfound: {finding.found}"
    if finding.expected is not None:
        what += f"\nexpected: {finding.expected}"
    rule = finding.rule
    return (
        f"[{colour}]{finding.code}[/]\n{finding.weight.value}",
        f"[bold]{_plain(what)}[/]\n[dim]{_plain(chr(10).join(where))}[/]",
        f"It {_plain(rule.consequence)}.\n[green]{_plain(rule.fix)}[/]",
    )


def _plain(text: str) -> str:
    """Return text that stands in rich's markup and steers no terminal."""
    return escape(harmless(text))
