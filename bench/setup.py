"""Measure a punchout setup through the whole product against a bare handler on the same server.

Ours validates, identifies, maps, opens a session, records and answers, durably; the rival parses,
checks the DTD and inserts one row (`bench.bare`). Both are one granian process, as many threads.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.harness import Row
from bench.load import drive, free_port, wait_for

ROUNDS = 5
SECONDS = 2.0
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
    """Yield the comparison, medians of alternating rounds on both running servers."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = _workspace(Path(folder) / "demo")
        body = _setups(workspace)
        with _ours(workspace) as ours, _bare(Path(folder)) as bare:
            drive(ours, "/cxml", body("warm"), seconds=1)
            drive(bare, "/cxml", body("warm"), seconds=1)
            first, second = [], []
            for number in range(ROUNDS):
                first.append(drive(ours, "/cxml", body(f"a{number}"), seconds=SECONDS))
                second.append(drive(bare, "/cxml", body(f"b{number}"), seconds=SECONDS))
    rival = "bare Flask handler: lxml, DTD, one INSERT"
    yield Row("setup to answer, durable", median(first), median(second), rival, "setups/s", "≥ 0.5")


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
def _ours(workspace: Path) -> Iterator[int]:
    from gateway.cli.processes import command

    port = free_port()
    environment = {
        **os.environ,
        "GATEWAY_WORKSPACE": str(workspace),
        "GATEWAY_PORT": str(port),
        "GATEWAY_LIMITS__REQUESTS_PER_MINUTE": "10000000",
    }
    with _running(list(command("web")), port, environment):
        yield port


@contextmanager
def _bare(folder: Path) -> Iterator[int]:
    port = free_port()
    dtd = DTDS / "1.2.071" / "cXML.dtd"
    arguments = [str(port), str(folder / "bare.sqlite"), *([str(dtd)] if dtd.exists() else [])]
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
