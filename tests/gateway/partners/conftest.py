"""Lend the tests of partners a workspace, and envelopes that claim something."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from canonical.wire import Credential, CredentialRole, Envelope, MessageAuthentication

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)

PARTNER = """\
name: Acme
customer: 10001
state: live
identities:
  - {domain: NetworkId, identity: AN01}
  - {domain: DUNS, identity: 111}
supplier:
  - {domain: DUNS, identity: 999}
secrets: {current: file:secrets/current}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write `partners/<id>/partner.yaml`, and secrets that the files refer to."""
    for name in ("current", "previous", "other"):
        file = tmp_path / "secrets" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"the {name} secret\n")

    def written(partner_id: str, text: str = PARTNER) -> Path:
        file = tmp_path / "partners" / partner_id / "partner.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text)
        return file

    return written


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path


def credential(
    role: str,
    domain: str,
    identity: str,
    secret: str | None = None,
    authentication: MessageAuthentication | None = None,
    *,
    signed: bool = False,
) -> Credential:
    return Credential(
        role=CredentialRole(role),
        domain=domain,
        identity=identity,
        secret=secret,
        authentication=authentication,
        signed=signed,
    )


@pytest.fixture
def claim() -> Callable[..., Envelope]:
    """Make an envelope; each role takes one (domain, identity) or a list of them."""

    def made(
        origin: object = ("NetworkId", "AN01"),
        to: object = ("DUNS", "999"),
        sender: object = ("NetworkId", "AN01"),
        secret: str | None = "the current secret",
        **envelope: bool,
    ) -> Envelope:
        credentials = [
            credential(role, *one, secret if role == "sender" else None)
            for role, named in (("from", origin), ("to", to), ("sender", sender))
            for one in (named if isinstance(named, list) else [named])
            if one
        ]
        return Envelope(message_id="1@buyer", credentials=tuple(credentials), **envelope)

    return made
