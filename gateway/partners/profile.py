"""Know the buyers' systems: one file a system, `mappings/profiles/<name>.yaml`.

`partner` holds what `partner.yaml` may leave out for a buyer who uses that system; `buyer` says how
such a system behaves, so that the virtual buyer can play it; `partner.limits` is what its judge
measures a cart against. One schema, one loader: what we send and what we test cannot drift apart.
A profile may `extends:` another; tables merge by key, lists and words replace.
"""

import functools
from importlib import resources
from typing import Final, Literal

from pydantic import Field, ValidationError

from gateway.errors import ConfigurationError
from gateway.partners.limits import Limits
from gateway.partners.marked import Data, Marked, read_marked
from gateway.partners.model import MessageName, Preferences, UnitCode, Version
from gateway.partners.overlays import Overlay, overlay_of
from gateway.settings.findings import Finding, explain, nearest
from gateway.settings.model import Identity, Section, Text

FOLDER: Final = "mappings/profiles"

PARTNER: Final = "partner"


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
    login: Literal["get", "post"] = "post"
    """How the browser goes to a shop that is opened by a login (OCI, Peppol)."""
    login_fields: tuple[Extrinsic, ...] = ()
    """Further fields of that login."""
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
    extends: Text | None = None
    """The profile that this one lies over."""
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
    """Return a profile with what it extends and its lines; do not change what it holds."""
    chain = profile_chain(name)
    merged = Marked(chain[-1].file, tree=chain[-1].tree)
    for each in chain:
        merged.data = merge(merged.data, each.data)
        merged.places |= each.places
        merged.findings += each.findings
    merged.data.pop("extends", None)
    return merged


@functools.cache
def profile_chain(name: str) -> tuple[Marked, ...]:
    """Return the files of a profile and of all that it extends, the lowest first."""
    if name not in profile_names():
        message = f'there is no profile "{name}" -- {nearest(name, profile_names())}'
        raise ConfigurationError(message)
    file = resources.files("mappings") / "profiles" / f"{name}.yaml"
    own = read_marked(file.read_bytes(), f"{FOLDER}/{name}.yaml")
    base = own.data.get("extends")
    if base is None:
        return (own,)
    if not isinstance(base, str) or base not in profile_names() or base == name:
        hint = nearest(str(base), profile_names())
        where = own.where(("extends",))
        own.findings.append(Finding(where, "extends", f'there is no profile "{base}"', hint))
        return (own,)
    return (*profile_chain(base), own)


@functools.cache
def profile_overlays(name: str) -> tuple[Overlay, ...]:
    """Return what a profile and those that it extends say of mappings and units, lowest first."""
    chain = profile_chain(name)
    below = Marked(chain[0].file)
    found: list[Overlay] = []
    for each in chain:
        inner = each.data.get(PARTNER)
        below.data = merge(below.data, inner if isinstance(inner, dict) else {})
        below.file = each.file
        found.append(overlay_of(each, below, PARTNER))
    return tuple(filter(None, found))


def merge(below: Data, above: Data) -> Data:
    """Return `above` over `below`: tables merge by key, lists and words replace."""
    merged = dict(below)
    for key, value in above.items():
        beneath = merged.get(key)
        if isinstance(value, dict):
            merged[key] = merge(beneath if isinstance(beneath, dict) else {}, value)
        else:
            merged[key] = value
    return merged
