"""Read and play scripted journeys: a YAML file with the steps of one buyer.

    journey: two boxes, changed once
    partner: northwind
    face: cxml
    steps:
      - punchout: create
      - add: {sku: "4711", quantity: 2}
      - transfer: cart
      - expect: {lines: 1, total: 119.80, status: 204}
      - order: new
      - order: update

Each step is one key; without `face` the partner punches out by its first. All mistakes are reported
at once with `file:line`, before anything is sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError, model_validator

from canonical.amounts import plain
from canonical.punchout import Operation
from gateway.buyer.documents import total_in
from gateway.buyer.findings import Finding
from gateway.buyer.journey import Journey
from gateway.buyer.report import Step as Done
from gateway.errors import ConfigurationError
from gateway.partners.marked import read_marked
from gateway.settings.findings import explain
from gateway.settings.model import Section, Text


class Add(Section):
    """Put a quantity of a product into the cart."""

    sku: Text
    quantity: Annotated[Decimal, Field(gt=0)] = Decimal(1)


class Expect(Section):
    """Say how things must stand now; only what is given is compared."""

    lines: Annotated[int, Field(ge=0)] | None = None
    total: Decimal | None = None
    skus: tuple[Text, ...] | None = None
    status: int | None = None
    """Status code of the last answer."""
    blocking: Annotated[int, Field(ge=0)] | None = None
    """Blocking findings so far."""


class Step(Section):
    """Hold one step: exactly one of these keys."""

    punchout: Literal["create", "edit", "inspect"] | None = None
    add: Add | None = None
    pick: Annotated[int, Field(ge=1, le=100)] | None = None
    """Put that many products into the cart, as the shop suggests them."""
    transfer: Literal["cart"] | None = None
    cancel: Literal["session"] | None = None
    order: Literal["new", "update", "delete"] | None = None
    split: Annotated[int, Field(ge=2, le=20)] | None = None
    """Order the cart over that many orders, which are compared with it together."""
    repeat: Literal["request"] | None = None
    """Send the last request again, byte for byte."""
    conflict: Literal["order"] | None = None
    """Send another document under the payloadID of the last order."""
    expect: Expect | None = None

    @model_validator(mode="after")
    def one_key(self) -> "Step":
        """Refuse a step without a key or with two."""
        if len(self.model_fields_set) != 1:
            known = ", ".join(type(self).model_fields)
            message = f"expected exactly one of {known}"
            raise ValueError(message)
        return self


class Script(Section):
    """Hold a journey."""

    journey: Text
    partner: Text | None = None
    face: Literal["cxml", "oci", "ubl"] | None = None
    """Punchout protocol; the first that the partner has if none is named."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Placed:
    """Hold a script with the place of each of its steps, for the report."""

    script: Script
    places: tuple[str, ...]


def read_script(file: Path) -> Placed:
    """Return the script in `file`; `ConfigurationError` carries all its mistakes."""
    try:
        marked = read_marked(file.read_bytes(), file.name)
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror or error}"
        raise ConfigurationError(message) from error
    findings = list(marked.findings)
    if not findings:
        try:
            script = Script.model_validate(marked.data)
        except ValidationError as error:
            findings += explain(error, Script, marked.where)
        else:
            places = tuple(marked.where(("steps", at)) for at in range(len(script.steps)))
            return Placed(script, places)
    message = f"{file} is not a journey that can be played"
    raise ConfigurationError(message, tuple(str(finding) for finding in findings))


def play(placed: Placed, journey: Journey) -> None:
    """Play the steps in order; stop at the first one that cannot be finished."""
    for step, place in zip(placed.script.steps, placed.places, strict=True):
        name = next(iter(step.model_fields_set))
        if name == "expect":
            done = journey.note(expected(step.expect or Expect(), journey, place))
        else:
            done = _PLAYERS[name](journey, step)
        if not done.done:
            return


def expected(expect: Expect, journey: Journey, place: str) -> Done:
    """Return a step that says whether things stand as expected; `place` is the script's line."""
    wanted = {
        name: value
        for name, value in expect.model_dump().items()
        if name in expect.model_fields_set
    }
    facts = _facts(journey)
    findings = tuple(
        Finding(
            "BUYER-070",
            f"{name} is not as expected",
            place,
            found=_shown(facts[name]),
            expected=_shown(value),
        )
        for name, value in wanted.items()
        if facts[name] != value
    )
    return Done("expect", "expect " + ", ".join(wanted), findings=findings)


def _facts(journey: Journey) -> Mapping[str, object]:
    cart = journey.cart
    last = journey.last
    blocking = [found for found in journey.report().findings if found.weight.value == "blocking"]
    return {
        "lines": 0 if cart is None else len(cart.lines),
        "total": None if cart is None else total_in(cart).amount,
        "skus": () if cart is None else tuple(line.item.sku for line in cart.lines),
        "status": None if last is None else last.code,
        "blocking": len(blocking),
    }


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _add(journey: Journey, step: Step) -> Done:
    wanted = step.add or Add(sku="?")
    return journey.add(wanted.sku, wanted.quantity)


_PLAYERS: Final[Mapping[str, Callable[[Journey, Step], Done]]] = {
    "punchout": lambda journey, step: journey.punchout(Operation(step.punchout or "create")),
    "add": _add,
    "pick": lambda journey, step: journey.pick(step.pick or 1),
    "transfer": lambda journey, _step: journey.transfer(),
    "cancel": lambda journey, _step: journey.cancel(),
    "order": lambda journey, step: journey.order(step.order or "new"),
    "split": lambda journey, step: journey.split(step.split or 2),
    "repeat": lambda journey, _step: journey.repeat(),
    "conflict": lambda journey, _step: journey.conflict(),
}
