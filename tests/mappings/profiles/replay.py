"""Play a kept session of a buyer's system against the whole gateway, and say what came of it.

A session is a folder `mappings/profiles/<system>.samples/NN-name/`:

    partner.yaml       the partner as an engineer would write it; its id is the sample's
    setup.sent.*       what the buyer's system sends to open the shop (.xml, or .form for a login),
                       or what it asks between shopping trips
    goods.csv          what its user puts into the cart: sku,quantity
    order.sent.xml     the order that the system makes of the cart, where there is one

and what comes of it, which `--update-golden` writes anew: `setup.canonical.json`,
`setup.answer.xml` where the system reads the answer, `cart.canonical.json`, `cart.xml` or
`cart.form`, `home.json` (the form that the browser posts), `order.canonical.json`,
`order.answer.xml`, and `faults.txt` with every finding on the way. Everything is real but the
clock, the ids and the worker's queue.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from canonical.faults import Fault
from canonical.punchout import PunchoutSession
from canonical.wire import Payload, Verdict
from gateway.ambient import Ambient
from gateway.app import Gateway, open_gateway
from gateway.connectors.embedded import load_folder
from gateway.pipeline.contract import Answer, Arrival
from gateway.pipeline.operations import show_message
from gateway.pipeline.working import jobs_of
from gateway.punchout.returning import Homecoming
from gateway.punchout.visits import Started
from gateway.store.schema import metadata
from tests.inline_engine import InlineEngine

ROOT: Final = Path(__file__).parents[3]
FOLDER: Final = ROOT / "mappings" / "profiles"
CORE: Final = ROOT / "tests" / "assets" / "shop" / "core"
NOON: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET: Final = "abracadabra-42"
SETTINGS: Final = """\
name = "Bergström Supply"
base_url = "https://gateway.example"
identities = [{domain = "DUNS", identity = "987654321"}]
[core]
kind = "embedded"
folder = "core"
"""
MEDIA_TYPES: Final = {
    ".xml": "text/xml; charset=UTF-8",
    ".form": "application/x-www-form-urlencoded",
}
SYNTAXES: Final = {"OCI": "oci", "PEPPOL": "ubl"}


def samples() -> list[Path]:
    """Return the folders of all sessions."""
    return sorted(path.parent for path in FOLDER.glob("*.samples/*/partner.yaml"))


def partner_id(sample: Path) -> str:
    """Return the id that a sample's partner has in the common workspace."""
    return f"{sample.parent.name.removesuffix('.samples')}-{sample.name}"


@dataclass
class Counted:
    """Give ids and tokens that are the same each time a sample is played."""

    mark: str = "0" * 12
    given: int = 0

    def begin(self, name: str) -> None:
        """Count for another sample from here on."""
        self.mark, self.given = hashlib.sha256(name.encode()).hexdigest()[:12], 0

    def new_id(self) -> str:
        """Return the next id."""
        self.given += 1
        return f"{self.mark}{self.given:020d}"

    def new_token(self) -> str:
        """Return the next token."""
        self.given += 1
        return f"token-{self.mark}-{self.given:012d}"


@dataclass
class Played:
    """Hold what came of a session, by the name of the file that keeps it."""

    files: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    state: str = ""

    def note(self, step: str, faults: tuple[Fault, ...]) -> None:
        """Keep the findings of one step."""
        for fault in faults:
            place = fault.target if fault.place is None else fault.place.path
            found = "" if fault.found is None else f": {fault.found}"
            self.faults.append(f"{step}: {fault.severity} {fault.code} {place or ''}{found}")


@dataclass
class House:
    """Hold the gateway that all sessions are played on."""

    gateway: Gateway
    counted: Counted
    engine: InlineEngine

    def play(self, sample: Path) -> Played:
        """Play one session from its setup to its order."""
        self.counted.begin(partner_id(sample))
        played = Played()
        session = self._opened(sample, played)
        if session is not None and (sample / "goods.csv").exists():
            self._shopped(session, sample, played)
        if (sample / "order.sent.xml").exists():
            self._ordered(sample, played)
        played.files["faults.txt"] = "".join(f"{line}\n" for line in played.faults)
        return played

    def _opened(self, sample: Path, played: Played) -> PunchoutSession | None:
        (sent,) = sample.glob("setup.sent.*")
        partner = self.gateway.partners.get(partner_id(sample))
        domain = partner.identities[0].domain
        syntax = "cxml" if sent.suffix == ".xml" else SYNTAXES[domain]
        answer = self._received(sent, syntax, played, "setup")
        assert answer.verdict is Verdict.ACCEPTED, (answer.verdict, answer.detail, played.faults)
        if isinstance(answer.reply, PunchoutSession):
            if syntax == "cxml":
                played.files["setup.answer.xml"] = _text(answer.payload)
            return answer.reply
        suffix = _suffix(answer.payload)
        played.files[f"setup.answer{suffix}"] = _lines(_text(answer.payload), suffix)
        return None

    def _shopped(self, opened: PunchoutSession, sample: Path, played: Played) -> None:
        service = self.gateway.punchout
        assert opened.start_url is not None
        started = service.visits.start(opened.start_url.rpartition("/")[2])
        assert isinstance(started, Started)
        for row in csv.DictReader((sample / "goods.csv").read_text().splitlines()):
            refused = service.shopping.add(opened.session_id, row["sku"], row["quantity"])
            assert refused is None, refused
        session = service.visits.find(started.token)
        assert session is not None
        for found in service.returning.examined(session).values():
            played.note("cart", found)
        refused = service.returning.transfer(opened.session_id)
        assert refused == (), refused
        session = service.visits.find(started.token)
        assert session is not None
        home = service.returning.homecoming(session)
        returned = service.means.store.returned(opened.session_id)
        assert home is not None
        assert returned is not None
        played.files["home.json"] = _home(home, returned.payload)
        suffix = _suffix(returned.payload)
        played.files[f"cart{suffix}"] = _lines(_text(returned.payload), suffix)
        played.files["cart.canonical.json"] = self._document(returned.message_id, played, "home")

    def _ordered(self, sample: Path, played: Played) -> None:
        answer = self._received(sample / "order.sent.xml", "cxml", played, "order")
        assert answer.verdict is Verdict.ACCEPTED, (answer.verdict, answer.detail, played.faults)
        played.files["order.answer.xml"] = _text(answer.payload)
        self.engine.drain()
        assert answer.message_id is not None
        played.state = self._state(answer.message_id)

    def _received(self, sent: Path, syntax: str, played: Played, step: str) -> Answer:
        answer = self.gateway.pipeline.receive(
            Arrival(
                syntax=syntax,
                content=sent.read_bytes(),
                media_type=MEDIA_TYPES[sent.suffix],
                received_at=NOON,
                remote="192.0.2.1",
                addressee="" if syntax == "cxml" else partner_id(sent.parent),
            )
        )
        if answer.message_id is not None:
            played.files[f"{step}.canonical.json"] = self._document(answer.message_id, played, step)
        return answer

    def _document(self, message_id: str, played: Played, step: str) -> str:
        """Return a message's document as stored, its findings noted."""
        equipment = self.gateway.equipment
        shown = show_message(equipment.database, equipment.archive, message_id)
        for entry in shown.timeline:
            played.note(step, tuple(entry.faults))
        assert shown.message.document is not None, played.faults
        return msgspec.json.format(shown.message.document, indent=2).decode() + "\n"

    def _state(self, message_id: str) -> str:
        equipment = self.gateway.equipment
        return show_message(equipment.database, equipment.archive, message_id).message.state


@contextmanager
def opened_house(workspace: Path) -> Iterator[House]:
    """Open a gateway whose partners are those of all samples."""
    (workspace / "gateway.toml").write_text(SETTINGS, "utf-8")
    (workspace / "core").symlink_to(CORE)
    (workspace / "secret").write_text(SECRET)
    for sample in samples():
        folder = workspace / "partners" / partner_id(sample)
        folder.mkdir(parents=True)
        text = (sample / "partner.yaml").read_text("utf-8")
        (folder / "partner.yaml").write_text(f"{text}secrets: {{current: file:secret}}\n", "utf-8")
    counted, engine = Counted(), InlineEngine()
    ambient = Ambient(now=lambda: NOON, new_id=counted.new_id, new_token=counted.new_token)
    gateway = open_gateway(workspace, ambient)
    try:
        metadata.create_all(gateway.database.engine)
        load_folder(gateway.database, CORE)
        gateway.follow_core()
        vars(gateway)["engine"] = engine  # in place of the durable queue, before anybody asks
        engine.handlers = jobs_of(gateway.workshop)
        yield House(gateway, counted, engine)
    finally:
        gateway.close()


def _text(payload: Payload) -> str:
    return payload.content.decode("utf-8").rstrip("\n") + "\n"


def _suffix(payload: Payload) -> str:
    kind = payload.media_type.partition(";")[0].strip()
    return {MEDIA_TYPES[".form"]: ".form", "application/json": ".json"}.get(kind, ".xml")


def _lines(text: str, suffix: str) -> str:
    """Return a form with a line for each field and JSON in lines, so that a person can compare."""
    if suffix == ".json":
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    return text.replace("&", "&\n") if suffix == ".form" else text


def _home(home: Homecoming, payload: Payload) -> str:
    """Return how the form is posted; items are in the payload, the other fields are named here."""
    names = [name for name, _ in home.fields if not name.startswith("NEW_ITEM")]
    shown = {
        "address": home.address.url,
        "frame": home.target,
        "charset": home.charset,
        "media_type": payload.media_type,
        "fields": names,
    }
    return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"
