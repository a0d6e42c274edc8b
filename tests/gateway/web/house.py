"""Run the real application of a workspace whose buyers log in by a form."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path

import flask
import httpx
from click.testing import CliRunner

from gateway.app import Gateway, open_gateway, prepare
from gateway.cli.commands import main
from gateway.cli.demo_workspace import make_workspace

SECRET = "canary-of-a-login-3fd2"
HOOK = "https://buyer.example.com/oci/in?session=42&from=%E5&empty="
CUSTOMER = "10001"
SETTINGS = """\
oci: {parameters: {USERNAME: login}, cancelled: {"~OkCode": CANCEL}}
ubl: {tax_percent: 25, parameters: {username: loginid}}
"""


class House:
    """Hold a gateway with the partners `acme`, `other` and `shut`, and a browser's way in."""

    def __init__(
        self,
        folder: Path,
        *,
        adjust: Callable[[Path], None] = lambda _folder: None,
        return_host: str = "buyer.example.com",
    ) -> None:
        workspace = make_workspace(folder)
        adjust(workspace)
        for partner in ("acme", "other", "shut"):
            words = ["partner", "new", partner, "--customer", CUSTOMER, "--secret-stdin"]
            words += ["--identity", f"OCI:{partner}-user", "--identity", f"PEPPOL:{partner}-login"]
            words += ["--return-host", return_host, "--workspace", str(workspace)]
            made = CliRunner().invoke(main, words, input=f"{SECRET}-{partner}")
            assert made.exit_code == 0, made.output
        self.workspace = workspace
        self.extend("acme", SETTINGS)
        self.extend("shut", "", "state: live", "state: blocked")
        self.prepared = prepare(workspace)
        self.gateway: Gateway = open_gateway(workspace)
        self.application = self.gateway.application()

    def open_again(self) -> None:
        """Read the workspace anew."""
        self.gateway.close()
        self.gateway = open_gateway(self.workspace)
        self.application = self.gateway.application()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let no time pass inside for whoever answers, however slow the machine is."""
        moving, self.application = self.application, standing_still(self.gateway)
        yield
        self.application = moving

    def extend(self, partner: str, text: str, old: str = "", new: str = "") -> None:
        """Add to a partner's file, or replace something in it."""
        file = self.workspace / "partners" / partner / "partner.yaml"
        file.write_text(file.read_text("utf-8").replace(old, new) + text, "utf-8")

    def client(self, remote: str = "192.0.2.1") -> httpx.Client:
        transport = httpx.WSGITransport(self.application, remote_addr=remote)
        return httpx.Client(transport=transport, base_url=self.gateway.settings.base_url)


def standing_still(gateway: Gateway) -> flask.Flask:
    """Return the application of a gateway for which no time passes."""
    now = gateway.ambient.now()
    still = replace(gateway, ambient=replace(gateway.ambient, now=lambda: now))
    vars(still)["engine"] = gateway.engine
    return still.application()


def call(partner: str = "acme", **fields: str) -> dict[str, str]:
    """Return the parameters of an OCI call."""
    user = "login" if partner == "acme" else "USERNAME"
    return {user: f"{partner}-user", "PASSWORD": f"{SECRET}-{partner}", "HOOK_URL": HOOK, **fields}


def login(partner: str = "acme", **fields: str) -> dict[str, str]:
    """Return the parameters of a Peppol login."""
    user = "loginid" if partner == "acme" else "username"
    secret = f"{SECRET}-{partner}"
    return {user: f"{partner}-login", "password": secret, "returnurl": HOOK, **fields}


def hidden(page: str) -> list[tuple[str, str]]:
    """Return the hidden fields of a page's form, in order."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(unescape(name), unescape(value)) for name, value in found]
