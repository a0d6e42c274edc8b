"""Measure a punchout setup through the whole product against a bare handler on the same server.

Ours validates, identifies, maps, opens a session, records and answers, durably; the rival parses,
checks the DTD and inserts one row (`bench.bare`). Both have as many processes and threads of the
same server: one, as installed, then four (`web.workers = 4`), with sixteen connections for each.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from bench.harness import Row
from bench.load import drive, free_port, wait_for

ROUNDS = 5
SECONDS = 2.0
PROCESSES = (1, 4)
CONNECTIONS = 16
"""Of each process: the server gives a connection to one of them by chance."""
DTDS = Path(__file__).parents[2] / "shared" / "reference" / "cxml" / "dtd"

SETUP = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">
<cXML payloadID="{number}.bench@buyer.example" timestamp="2026-11-22T12:00:00+01:00" xml:lang="en">
  <Header>
    <From><Credential domain="{domain}"><Identity>{identity}</Identity></Credential></From>
    <To><Credential domain="{our_domain}"><Identity>{our_identity}</Identity></Credential></To>
    <Sender>
      <Credential domain="{domain}"><Identity>{identity}</Identity>
        <SharedSecret>{secret}</SharedSecret></Credential>
      <UserAgent>Bench</UserAgent>
    </Sender>
  </Header>
  <Request>
    <PunchOutSetupRequest operation="create">
      <BuyerCookie>cookie-{number}</BuyerCookie>
      <Extrinsic name="UserEmail">anna.berg@buyer.example</Extrinsic>
      <Extrinsic name="UserFullName">Anna Berg</Extrinsic>
      <BrowserFormPost><URL>http://127.0.0.1:8090/return</URL></BrowserFormPost>
      <Contact role="endUser"><Name xml:lang="en">Anna Berg</Name>
        <Email>anna.berg@buyer.example</Email></Contact>
      <ShipTo><Address addressID="D1"><Name xml:lang="en">Goods reception</Name>
        <PostalAddress><Street>Storgatan 1</Street><City>Malm&#246;</City>
          <PostalCode>21119</PostalCode><Country isoCountryCode="SE">Sweden</Country>
        </PostalAddress></Address></ShipTo>
    </PunchOutSetupRequest>
  </Request>
</cXML>
"""


def rows() -> Iterator[Row]:
    """Yield the comparisons, medians of alternating rounds on both running servers."""
    for processes in PROCESSES:
        with tempfile.TemporaryDirectory() as folder:
            ours, bare = _compare(Path(folder), processes)
        many = "one process" if processes == 1 else f"{processes} processes"
        rival = "bare Flask handler: lxml, DTD, one INSERT; as many processes"
        yield Row(f"setup to answer, durable, {many}", ours, bare, rival, "setups/s", "≥ 0.5")


def _compare(folder: Path, processes: int) -> tuple[float, float]:
    """Return what each answers a second."""
    workspace = _workspace(folder / "demo")
    body = _setups(workspace)
    load = partial(drive, path="/cxml", connections=CONNECTIONS * processes)
    with _ours(workspace, processes) as ours, _bare(folder, processes) as bare:
        for port in (ours, bare):
            load(port, body=body("warm"), seconds=1 + processes)  # until all processes listen
        first, second = [], []
        for number in range(ROUNDS):
            first.append(load(ours, body=body(f"a{number}"), seconds=SECONDS))
            second.append(load(bare, body=body(f"b{number}"), seconds=SECONDS))
    return median(first), median(second)


def _workspace(folder: Path) -> Path:
    from gateway.app import prepare
    from gateway.cli.demo_workspace import make_workspace
    from gateway.standards import install

    workspace = make_workspace(folder)
    if DTDS.exists():
        install(DTDS, workspace)
    prepare(workspace)
    return workspace


def _setups(workspace: Path) -> Callable[[str], Callable[[int], bytes]]:
    from gateway.app import open_gateway

    gateway = open_gateway(workspace)
    partner = next(iter(gateway.partners))
    secret = gateway.partners.keyring(partner.id).ours
    gateway.close()
    filled = SETUP.format(
        number="@@",
        domain=partner.identity.domain,
        identity=partner.identity.identity,
        our_domain=partner.us.domain,
        our_identity=partner.us.identity,
        secret=secret.reveal() if secret else "",
    )
    return lambda series: lambda number: filled.replace("@@", f"{series}-{number}").encode()


@contextmanager
def _ours(workspace: Path, processes: int) -> Iterator[int]:
    from gateway.cli.processes import command

    port = free_port()
    environment = {
        **os.environ,
        "GATEWAY_WORKSPACE": str(workspace),
        "GATEWAY_PORT": str(port),
        "GATEWAY_LIMITS__REQUESTS_PER_MINUTE": "10000000",
        "GATEWAY_WEB__BUYER_CONSOLE": "false",
        "GATEWAY_WEB__WORKERS": str(processes),
    }
    with _running(list(command("web")), port, environment):
        yield port


@contextmanager
def _bare(folder: Path, processes: int) -> Iterator[int]:
    port = free_port()
    dtd = DTDS / "1.2.071" / "cXML.dtd"
    arguments = [str(port), str(processes), str(folder / "bare.sqlite")]
    arguments += [str(dtd)] if dtd.exists() else []
    with _running([sys.executable, "-m", "bench.bare", *arguments], port, dict(os.environ)):
        yield port


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait()
