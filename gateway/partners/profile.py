"""Know the buyers' systems: one file a system, `mappings/profiles/<name>.yaml`.

`partner` holds what `partner.yaml` may leave out for a buyer who uses that system; `buyer` says how
such a system behaves, so that the virtual buyer can play it; `partner.limits` is what its judge
measures a cart against. One schema, one loader: what we send and what we test cannot drift apart.
"""

import functools
from importlib import resources
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError

from gateway.errors import ConfigurationError
from gateway.partners.marked import Marked, read_marked
from gateway.partners.model import Limits, MessageName, Preferences, Version
from gateway.settings.findings import explain, nearest
from gateway.settings.model import Identity, Section, Text

FOLDER: Final = "mappings/profiles"

UnitCode = Annotated[str, StringConstraints(min_length=1, max_length=35)]


class BuyerCredentials(Section):
    """Say how the system names the parties; the ids themselves are the partner's."""

    sender: Literal["buyer", "network"] = "buyer"
    """Who stands in Sender: the buyer himself, or the network that forwards for him."""
    network: Identity | None = None
    """The Sender of a system that sends through a network."""
    more_from: tuple[Identity, ...] = ()
    """Further credentials in From, beside the partner's own."""
    more_to: tuple[Identity, ...] = ()
    test_suffix: str = ""
    """Ending of ids in test documents."""


class Extrinsic(Section):
    """Hold a name and value that the system adds to a setup; the value may be empty."""

    name: Text
    value: str = ""


class Buyer(Section):
    """Say how a buyer's system writes its documents and reads ours."""

    user_agent: str = "First order virtual buyer"
    versions: dict[MessageName, Version] = Field(default_factory=dict)
    """DTD version of what it sends, by message name; `*` for the others."""
    doctype: bool = True
    timestamp: Literal["offset", "zulu", "bare", "rfc822", "broken"] = "offset"
    """`offset` 2026-01-31T08:00:00+00:00, `zulu` ...Z, `bare` without a zone, `rfc822`
    `Sat Jan 31 08:00:00 +0000 2026`, `broken` `--T+00:00`."""
    order_date: Literal["offset", "zulu", "bare", "rfc822"] = "offset"
    contact_before_form_post: bool = False
    """Contact stands before BrowserFormPost, which the DTD forbids."""
    ship_to: bool = False
    """Setups carry a ShipTo."""
    form_field: Literal["cXML-base64", "cXML-urlencoded"] = "cXML-base64"
    """Field of the returned form that it looks at first."""
    order_secret: bool = True
    """Orders carry the shared secret."""
    authentication: Literal["secret", "mac"] = "secret"
    credentials: BuyerCredentials = BuyerCredentials()
    extrinsics: tuple[Extrinsic, ...] = ()
    """`{user}`, `{email}`, `{first_name}` and `{last_name}` in a value stand for the shopper."""
    empty_elements: bool = False
    """Sends elements without content, such as an empty telephone number."""
    units: dict[UnitCode, UnitCode] = Field(default_factory=dict)
    """How it spells a unit of UN/ECE Recommendation 20 in orders: `EA: EACH`."""
    unknown_unit: Literal["keep", "each", "lose-cart"] = "keep"
    """What it does with a unit it does not know: keep it, make it EA, or lose the whole cart."""
    long_text: Literal["keep", "cut", "refuse"] = "keep"
    """What it does with a text beyond its limits."""


class Profile(Section):
    """Hold one buyer's system."""

    profile: Text
    title: Text
    sources: tuple[Text, ...] = ()
    """Where its facts come from: documents, issues, recordings."""
    partner: Preferences = Preferences()
    """Defaults of `partner.yaml` for a buyer who uses this system."""
    buyer: Buyer = Buyer()

    @property
    def limits(self) -> Limits:
        """Return what this system keeps of a cart line."""
        return self.partner.limits


def profile_names() -> tuple[str, ...]:
    """Return the names of all shipped profiles, sorted."""
    folder = resources.files("mappings") / "profiles"
    files = (file.name for file in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml")))


def load_profile(name: str) -> Profile:
    """Return a shipped profile; `ConfigurationError` says what is wrong with it."""
    marked = read_profile(name)
    findings = list(marked.findings)
    profile = None
    try:
        profile = Profile.model_validate(marked.data)
    except ValidationError as error:
        findings += explain(error, Profile, marked.where)
    if profile is None or findings:
        message = f"the profile {name} cannot be used"
        raise ConfigurationError(message, tuple(str(finding) for finding in findings))
    return profile


@functools.cache
def read_profile(name: str) -> Marked:
    """Return a profile's file with its lines, for merging; do not change what it holds."""
    if name not in profile_names():
        message = f'there is no profile "{name}" -- {nearest(name, profile_names())}'
        raise ConfigurationError(message)
    file = resources.files("mappings") / "profiles" / f"{name}.yaml"
    return read_marked(file.read_bytes(), f"{FOLDER}/{name}.yaml")
