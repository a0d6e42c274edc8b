"""Enrol the virtual buyer with a gateway: from a workspace and a partner's id to a journey.

The workspace gives what a real buyer is told at onboarding (identities, secret, address) and the
partner's profile how its system behaves. The gateway's database is never opened.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from canonical.wire import Face
from gateway.ambient import Ambient
from gateway.buyer.account import Account, account_of
from gateway.buyer.browser import without_cookies
from gateway.buyer.documents import Person
from gateway.buyer.exchange import Post, Tools
from gateway.buyer.journey import Journey
from gateway.buyer.report import OnStep
from gateway.errors import ConfigurationError
from gateway.partners.library import shipped_library
from gateway.partners.loader import load_partners
from gateway.partners.profile import load_profile
from gateway.settings import load_settings
from gateway.standards import Official, load_official, missing

Faces = Callable[[Official], Mapping[str, Face]]
"""Return what reads and writes each punchout protocol by its syntax; the gateway has the list."""

RETURN_PATH: Final = "/punchout/return?hook=1&name=%C3%A4"
"""Where carts would go on the buyer's host; nothing is sent there. The query must survive."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Hold what one buyer needs to begin; `unchecked` says what cannot be judged."""

    account: Account
    tools: Tools
    return_url: str
    unchecked: tuple[str, ...] = ()


def tools_for(workspace: Path, faces: Faces) -> tuple[Tools, tuple[str, ...]]:
    """Return what reads and writes every face, and what is missing to judge it fully."""
    tools = Tools(faces(load_official(workspace)), shipped_library())
    return tools, missing(workspace)


def enrol(
    workspace: Path,
    partner_id: str,
    faces: Faces,
    *,
    url: str | None = None,
    secret: str | None = None,
    syntax: str | None = None,
) -> Enrolment:
    """Return the enrolment of a partner's buyer; `url` defaults to the workspace's own gateway.

    `syntax` chooses the punchout protocol, the first that the partner has if none is named.
    Raises `ConfigurationError` when the partner has no secret that can be known here.
    """
    settings = load_settings(workspace)
    partners = load_partners(workspace, settings=settings)
    partner = partners.get(partner_id)
    known = partners.keyring(partner_id).current
    if secret is None and known is None:
        message = f"the secret of {partner_id} is not known here; give it with --secret-stdin"
        raise ConfigurationError(message)
    account = account_of(
        partner,
        load_profile(partner.profile),
        url or settings.base_url,
        secret if secret is not None else (known.reveal() if known is not None else ""),
        syntax,
    )
    tools, unchecked = tools_for(workspace, faces)
    hosts = partner.punchout.return_hosts or (account.domain,)
    return_url = f"https://{hosts[0].replace('*.', 'www.')}{RETURN_PATH}"
    return Enrolment(account, tools, return_url, unchecked)


@contextmanager
def begin(
    enrolment: Enrolment, person: Person, on_step: OnStep = lambda _step: None
) -> Iterator[Journey]:
    """Lend a journey; its connections are closed at the end."""
    ambient = Ambient()
    with without_cookies() as client:
        post = Post(enrolment.account, enrolment.tools, client, ambient)
        yield Journey(post, client, person, enrolment.return_url, ambient, on_step)
