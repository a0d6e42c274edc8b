"""Wire the product together: the only place that knows how everything is built.

`open_gateway` builds it for a workspace; `prepare` brings a workspace's database up to date first;
the web and worker processes each open one and run their part of it.
"""

import os
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import flask
import httpx
from werkzeug.middleware.proxy_fix import ProxyFix

from canonical.document import Document
from canonical.interchange import Acknowledgement
from canonical.punchout import (
    CataloguePageQuery,
    ItemQuery,
    ProfileQuery,
    PunchoutSetup,
    StatusUpdate,
)
from canonical.wire import Dialect, EdiCodec, Face, Payload, Verdict
from gateway import plugins
from gateway.ambient import Ambient
from gateway.buyer.browser import without_cookies
from gateway.buyer.desk import create_desk_pages
from gateway.buyer.exchange import Tools
from gateway.buyer.offices import Premises, offices_of
from gateway.buyer.requisitions import Requisitions
from gateway.catalogue import Catalogue, Synced, sync
from gateway.connectors.contract import Core
from gateway.connectors.embedded import is_filled, load_folder
from gateway.connectors.rest import RestCore
from gateway.partners.flatfiles import load_flatfiles
from gateway.partners.guide_lint import sound_guides
from gateway.partners.library import shipped_library
from gateway.partners.live import LiveLibraries, LivePartners
from gateway.partners.loader import load_partners
from gateway.partners.model import Partner
from gateway.partners.vault import Vault
from gateway.pipeline.advancing import Patience
from gateway.pipeline.arriving import largest_file
from gateway.pipeline.clearing import clear_folders
from gateway.pipeline.collecting import Pauses, collect_inboxes
from gateway.pipeline.contract import Handler, Outcome, Received
from gateway.pipeline.engine import DurableEngine, migrate
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.exchange_care import look_after
from gateway.pipeline.following import follow_reports
from gateway.pipeline.handlers import NOTED, note_report, profile_handler
from gateway.pipeline.pipeline import Pipeline
from gateway.pipeline.reporting import report_handler
from gateway.pipeline.steps import Workshop
from gateway.pipeline.worker import Worker, WorkerSettings
from gateway.pipeline.working import work_of
from gateway.punchout.means import Means
from gateway.punchout.service import PunchoutService
from gateway.settings import Settings, load_settings
from gateway.standards import Official, load_official, missing
from gateway.standards.directories import find
from gateway.store.database import Database, open_database
from gateway.store.migrations import upgrade
from gateway.store.payloads import PayloadArchive
from gateway.store.retention import forget_payloads, forget_sessions
from gateway.store.sessions import SessionStore
from gateway.transports.routing import RoutedSender
from gateway.web.api.punchout import create_punchout_api
from gateway.web.application import create_application
from gateway.web.bodies import RETRY_SECONDS
from gateway.web.exchange import create_exchange
from gateway.web.faces import create_faces
from gateway.web.inbound import Limits, create_inbound
from gateway.web.shop.blueprint import create_shop

TRANSACTIONS: Final = ("ProfileRequest", "PunchOutSetupRequest", "OrderRequest")
"""What a ProfileResponse offers."""
BUYER_CONSOLE: Final = "/console/buyer"
TOO_MANY: Final = (
    f"too many requests from one address; nothing was taken in, send it again in {RETRY_SECONDS} s"
)
UNITS: Final = "uom/units"
UNIT_TABLES: Final = {"cxml": "cxml/uom", "oci": "oci/uom", "ubl": "ubl/uom"}
"""Tables by which the shipped mappings spell units; a partner's own may stand above them."""


@dataclass(frozen=True)
class Gateway:
    """Hold everything that one process works with; each part is built when it is first used."""

    settings: Settings
    ambient: Ambient
    database: Database
    vault: Vault
    partners: LivePartners

    @cached_property
    def catalogue(self) -> Catalogue:
        """Return the replica of products and stock."""
        return Catalogue(self.database)

    @cached_property
    def core(self) -> Core:
        """Return the core that the settings name."""
        return plugins.core(
            plugins.Surroundings(
                self.settings, self.database, self.catalogue, self.ambient, self.reveal
            )
        )

    @cached_property
    def engine(self) -> DurableEngine:
        """Return the seam to the durable jobs."""
        return DurableEngine(self.database)

    @cached_property
    def sender(self) -> RoutedSender:
        """Return what sends interchanges."""
        return RoutedSender(plugins.senders(self.settings.workspace))

    @cached_property
    def libraries(self) -> LiveLibraries:
        """Return what gives each partner its mappings."""
        return LiveLibraries(self.settings.workspace, self.partners)

    @cached_property
    def official(self) -> Official:
        """Return the official schemas and rules that are installed, and the partners' guides."""
        workspace = self.settings.workspace
        flat = load_flatfiles(workspace)
        guides = sound_guides(workspace, tuple(flat.values()), partial(find, workspace))
        return replace(load_official(workspace), guides=guides, flat=flat)

    @cached_property
    def faces(self) -> dict[str, Face]:
        """Return the punchout protocols, which are codecs of the pipeline too."""
        return plugins.faces(self.official)

    @cached_property
    def exchanges(self) -> dict[str, EdiCodec]:
        """Return the codecs of EDI, which are codecs of the pipeline too."""
        return plugins.exchanges(self.official)

    @cached_property
    def equipment(self) -> Equipment:
        """Return what the pipeline works with."""
        return Equipment(
            database=self.database,
            archive=PayloadArchive(self.settings.data_folder / "payloads"),
            codecs={**plugins.codecs(self.official), **self.faces, **self.exchanges},
            edi=self.exchanges,
            partners=self.partners,
            library=self.libraries,
            engine=self.engine,
            ambient=self.ambient,
            handlers=self._handlers(),
            name=self.settings.name,
        )

    @cached_property
    def pipeline(self) -> Pipeline:
        """Return the pipeline."""
        return Pipeline(self.equipment)

    @cached_property
    def pauses(self) -> Pauses:
        """Return what in the partners' folders is left alone for a while."""
        return Pauses()

    @cached_property
    def punchout(self) -> PunchoutService:
        """Return the service that leads buyers through the shop."""
        return PunchoutService(
            Means(
                store=SessionStore(self.database),
                core=self.core,
                products=self.catalogue,
                partners=self.partners,
                emit=self.pipeline.emit,
                ambient=self.ambient,
                reveal=self.reveal,
                base_url=self.settings.base_url,
                faces=self.faces,
                unit_written=self.unit_written,
            )
        )

    @cached_property
    def browser(self) -> httpx.Client:
        """Return what the virtual buyer goes to the gateway with."""
        return without_cookies()

    @cached_property
    def workshop(self) -> Workshop:
        """Return what the worker's steps work with."""
        retry = self.settings.retry
        patience = Patience(retry.attempts, retry.base_seconds, retry.cap_seconds, retry.jitter)
        return Workshop(
            self.equipment,
            self.core,
            self.catalogue.products,
            self.sender,
            patience,
            named=self.catalogue.named,
        )

    def unit_written(self, partner: Partner, syntax: str, unit: str) -> str:
        """Return how a unit of UN/ECE Rec 20 stands in what a partner gets in a syntax."""
        library = self.equipment.library(partner)
        table = library.table(UNIT_TABLES.get(syntax, UNITS))
        return table.find(unit, outward=True) or unit

    def reveal(self, reference: str) -> str:
        """Return the secret that a reference names."""
        return self.vault.resolve(reference).reveal()

    def application(self) -> flask.Flask:
        """Return the WSGI application."""
        settings = self.settings
        limits = Limits(
            settings.limits.body,
            settings.limits.body_with_attachments,
            settings.limits.interchange,
            settings.limits.requests_per_minute,
        )
        folder = settings.core_folder
        shop = create_shop(
            self.punchout,
            self.catalogue,
            images=None if folder is None else folder / "images",
            title=settings.name,
        )
        inbound = create_inbound(self.pipeline.receive, self.answer_busy, limits, self.ambient.now)
        faces = create_faces(
            self.pipeline.receive, self.punchout, limits, self.ambient.now, settings.name
        )
        api = create_punchout_api(self.punchout)
        probes = {"database": self.database.probe, "core": self._examine_core}
        exchange = create_exchange(self.pipeline.receive_all, limits, self.ambient.now)
        blueprints = [inbound, exchange, faces, shop, api]
        if settings.web.buyer_console:
            blueprints.append(self.buyer_console())
        application = create_application(blueprints, probes)
        if settings.web.buyer_console:
            application.add_url_rule("/", "door", lambda: flask.redirect(f"{BUYER_CONSOLE}/"))
        if proxies := settings.web.trusted_proxies:
            application.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask documents it so
                application.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
            )
        return application

    def buyer_console(self) -> flask.Blueprint:
        """Return the virtual buyer's pages, for whoever sits at this machine."""
        here = f"http://127.0.0.1:{self.settings.port}"
        premises = Premises(
            url=here,
            tools=Tools(self.faces, shipped_library()),
            client=self.browser,
            ambient=self.ambient,
            keyring=self.partners.keyring,
            customer=self.core.customer,
        )
        home = f"{here}{BUYER_CONSOLE}"
        desk = Requisitions(lambda: offices_of(self.partners, premises), home, self.ambient)
        return create_desk_pages(desk, BUYER_CONSOLE)

    def answer_busy(self) -> Payload:
        """Return what an address is told that posts without pause; it may be anybody."""
        envelope = self.equipment.own_envelope(None, test=False)
        codec = self.equipment.codecs["cxml"]
        return codec.acknowledgement(Verdict.THROTTLED, envelope, Dialect(), detail=TOO_MANY)

    def worker(self) -> Worker:
        """Return the worker, ready to start."""
        work = work_of(self.workshop)
        upkeep = (
            *work.upkeep,
            self.punchout.expire_due,
            self.follow_core,
            self.follow_reports,
            self.look_after_exchange,
            self.forget,
        )
        return Worker(
            self.database,
            self.ambient,
            replace(work, upkeep=upkeep, watch=(self.collect,)),
            WorkerSettings(
                concurrency=self.settings.worker.concurrency,
                adoptions=self.settings.worker.adoptions,
                upkeep_every=self.settings.core.sync_seconds,
            ),
        )

    def follow_core(self) -> Synced:
        """Bring the replica up to the core."""
        return sync(self.core, self.catalogue)

    def follow_reports(self) -> int:
        """Send what the core reports of orders."""
        return follow_reports(self.equipment, self.core, self.partners)

    def look_after_exchange(self) -> None:
        """Tell of acknowledgements that are overdue, and forget numbers that are old."""
        look_after(self.equipment, self.partners)

    def collect(self) -> int:
        """Take in what lies in the partners' folders."""
        return collect_inboxes(
            self.pipeline,
            self.partners,
            self.settings.workspace,
            self.pauses,
            largest_file(self.settings.limits.interchange),
        )

    def forget(self) -> None:
        """Delete what is older than the settings keep, and files that were never finished."""
        days, now = self.settings.retention, self.ambient.now()
        self.equipment.archive.clear()
        clear_folders(self.partners, self.settings.workspace, self.settings.data_folder)
        if days.payload_days:
            before = now - timedelta(days=days.payload_days)
            forget_payloads(self.database, self.equipment.archive, before)
        if days.session_days:
            forget_sessions(self.database, now - timedelta(days=days.session_days))

    def close(self) -> None:
        """Let go of every connection."""
        if "official" in self.__dict__:
            self.official.close()
        if "sender" in self.__dict__:
            self.sender.close()
        if "browser" in self.__dict__:
            self.browser.close()
        if "core" in self.__dict__ and isinstance(self.core, RestCore):
            self.core.close()
        self.database.close()

    def _handlers(self) -> dict[type[Document], Handler]:
        url = f"{self.settings.base_url}/cxml"
        reports = report_handler(self.database, self.ambient)
        return {
            PunchoutSetup: self._open_punchout,
            ItemQuery: self._answer_query,
            CataloguePageQuery: self._answer_query,
            ProfileQuery: profile_handler(url, TRANSACTIONS, self.ambient.now()),
            StatusUpdate: reports,
            Acknowledgement: reports,
            **dict.fromkeys(NOTED, note_report),
        }

    def _open_punchout(self, received: Received) -> Outcome:
        # Looked up at the call: the punchout needs the pipeline, which needs this handler.
        return self.punchout.open(received)

    def _answer_query(self, received: Received) -> Outcome:
        return self.punchout.answer(received)

    def _examine_core(self) -> None:
        self.core.capabilities()


@dataclass(frozen=True, slots=True)
class Prepared:
    """Tell what preparing a workspace did; `missing` are official schemas it lacks, in words."""

    revision: str | None
    synced: Synced
    missing: tuple[str, ...]


def open_gateway(workspace: Path, ambient: Ambient | None = None) -> Gateway:
    """Return the gateway of a workspace; raises `ConfigurationError` with all that is wrong."""
    settings = load_settings(workspace)
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    vault = Vault(settings.workspace, data_folder=settings.data_folder)
    partners = LivePartners(
        settings.workspace, lambda: load_partners(settings.workspace, vault, settings=settings)
    )
    database = open_database(settings.database_url, pool_size=settings.database.pool_size)
    return Gateway(settings, ambient or Ambient(), database, vault, partners)


def prepare(workspace: Path) -> Prepared:
    """Bring database, embedded core and replica up to date, and say which standards are missing."""
    gateway = open_gateway(workspace)
    try:
        gateway.libraries.check()
        _, revision = upgrade(gateway.database, migrate)
        folder = gateway.settings.core_folder
        if folder is not None and is_filled(folder):
            load_folder(gateway.database, folder)
        dialects = [(one.id, dialect) for one in gateway.partners for dialect in one.dialects]
        return Prepared(
            revision, gateway.follow_core(), missing(gateway.settings.workspace, dialects)
        )
    finally:
        gateway.close()


def web() -> flask.Flask:
    """Build the WSGI application of the workspace that the environment names, for the server."""
    return open_gateway(Path(os.environ.get("GATEWAY_WORKSPACE", "."))).application()
