"""Compose a pipeline of real parts on a real database, with jobs that run when a test says so."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from canonical.wire import Payload
from edi.edifact.codec import EdifactCodec
from edi.flatfile.codec import FlatCodec
from edi.x12.codec import X12Codec
from gateway.ambient import Ambient
from gateway.errors import TransportError
from gateway.partners.directory import Partners
from gateway.partners.flatfiles import shipped_schemas
from gateway.partners.keyring import Keyring
from gateway.partners.library import shipped_library
from gateway.partners.model import Partner
from gateway.partners.vault import Secret
from gateway.pipeline.advancing import Patience
from gateway.pipeline.contract import Answer, Arrival
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.operations import Shown, show_message
from gateway.pipeline.pipeline import Pipeline
from gateway.pipeline.steps import Workshop
from gateway.pipeline.working import jobs_of
from gateway.store.database import Database
from gateway.store.payloads import PayloadArchive
from protocols.cxml.codec import CxmlCodec
from tests.builders import NOON, SECRET, make_partner
from tests.inline_engine import InlineEngine
from tests.scripted_core import ScriptedCore

LIBRARY = shipped_library()
EDIFACT = EdifactCodec()
X12 = X12Codec()
FLAT = FlatCodec(shipped_schemas())


@dataclass
class Postbox:
    """Take what is sent and answer as told; an error in `answers` is raised."""

    answers: list[bytes | TransportError] = field(default_factory=list)
    sent: list[tuple[str, Payload]] = field(default_factory=list)

    def send(self, url: str, payload: Payload) -> Payload:
        self.sent.append((url, payload))
        answer = self.answers.pop(0) if self.answers else response_of(200)
        if isinstance(answer, TransportError):
            raise answer
        return Payload(content=answer, media_type="text/xml; charset=UTF-8")


def response_of(code: int) -> bytes:
    return (
        f'<cXML payloadID="r@buyer" timestamp="2026-11-22T12:00:01+00:00">'
        f'<Response><Status code="{code}" text="told"/></Response></cXML>'
    ).encode()


@dataclass
class House:
    """Hold the composed parts, with short ways to use them."""

    database: Database
    core: ScriptedCore
    engine: InlineEngine
    postbox: Postbox
    shop: Workshop
    pipeline: Pipeline

    @property
    def equipment(self) -> Equipment:
        return self.shop.equipment

    def receive(self, content: bytes) -> Answer:
        return self.pipeline.receive(
            Arrival("cxml", content, "text/xml; charset=UTF-8", NOON, remote="192.0.2.1")
        )

    def take(self, content: bytes, syntax: str = "edifact", **fields: object) -> Answer:
        """Take an interchange of EDI in, as from the partner's own folder."""
        given: dict[str, object] = {"trusted": True, **fields}
        return self.pipeline.receive(Arrival(syntax, content, "", NOON, **given))  # type: ignore[arg-type]

    def shown(self, message_id: str | None) -> Shown:
        assert message_id is not None
        return show_message(self.database, self.equipment.archive, message_id, payload=True)

    def state(self, message_id: str | None) -> str:
        return self.shown(message_id).message.state

    def codes(self, message_id: str | None) -> list[str]:
        return [fault.code for entry in self.shown(message_id).timeline for fault in entry.faults]


def build_house(database: Database, folder: Path, *partners: Partner) -> House:
    known = partners or (make_partner(),)
    core = ScriptedCore(folder / "core.sqlite")
    engine, postbox = InlineEngine(), Postbox()
    equipment = Equipment(
        database=database,
        archive=PayloadArchive(folder / "payloads"),
        codecs={"cxml": CxmlCodec(None), "edifact": EDIFACT, "x12": X12, "flat": FLAT},
        edi={"edifact": EDIFACT, "x12": X12, "flat": FLAT},
        partners=Partners(
            known, {partner.id: Keyring(current=Secret(SECRET)) for partner in known}
        ),
        library=lambda _partner: LIBRARY,
        engine=engine,
        ambient=Ambient(now=lambda: NOON),
    )
    shop = Workshop(equipment, core, core.known, postbox, Patience(attempts=3, base=1.0))
    engine.handlers = jobs_of(shop)
    return House(database, core, engine, postbox, shop, Pipeline(equipment))


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return build_house(database, tmp_path)
