"""Find what each value allows but the whole does not: missing secrets, shared identities.

A rule is a function from a partner to what is wrong; `RULES` lists them. Rules over all partners
together stand in `lint_together`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from canonical.rules.judgement import RULE
from canonical.wire import CredentialRole
from gateway.partners.claim import IdentityKey, identity_key
from gateway.partners.exchange_lint import RULES as EXCHANGE_RULES
from gateway.partners.exchange_lint import Complaint
from gateway.partners.logins import LOGIN_DOMAINS
from gateway.partners.marked import Marked
from gateway.partners.model import Partner
from gateway.partners.overlays import REC20, known_units
from gateway.settings import Settings
from gateway.settings.findings import Finding, dotted, nearest
from gateway.settings.findings import Path as KeyPath
from protocols.form import fold
from protocols.oci.parameters import NAMES as OCI_NAMES
from protocols.ubl.dialect import PARAMETERS as UBL_NAMES


def _we_have_a_name(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    if not partner.supplier:
        hint = "give supplier: [{domain: DUNS, identity: ...}] here or identities in gateway.toml"
        yield ("supplier",), "nobody knows who we are for this partner", hint


def _secret_is_set(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    if partner.secrets.current is None:
        hint = f"gateway secrets set {partner.id}"
        yield ("secrets", "current"), "without a secret nothing from this partner is believed", hint


def _external_shop_is_complete(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    if partner.punchout.shop != "external":
        return
    if partner.punchout.external_url is None:
        yield ("punchout", "external_url"), "shop: external needs the address of that shop", ""
    if partner.punchout.external_secret is None:
        what = "shop: external needs a secret that signs the link to it"
        yield ("punchout", "external_secret"), what, "`gateway secrets seal` makes a reference"


def _http_is_allowed_only_where_it_may(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    if settings.allow_insecure:
        return
    hint = "use https, or set allow_insecure in gateway.toml for a demo on your own machine"
    if partner.punchout.allow_http:
        yield ("punchout", "allow_http"), "carts would travel in the open", hint
    response = partner.orders.response
    if response and response.url.startswith("http://"):
        yield ("orders", "response", "url"), "answers and our secret would travel in the open", hint


def _somebody_is_checked(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    if not {CredentialRole.FROM, CredentialRole.SENDER} & set(partner.cxml.check):
        what = "nothing would name the partner"
        yield ("cxml", "check"), what, "check from or sender, better both"


def _addresses_go_with_their_proof(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    wanted, given = "address" in partner.cxml.authenticate, bool(partner.cxml.addresses)
    if wanted and not given:
        what = "address is taken as proof, but no address is named"
        yield ("cxml", "authenticate"), what, "add cxml.addresses, such as [203.0.113.0/24]"
    if given and not wanted:
        what = "no effect: address is not taken as proof"
        yield ("cxml", "addresses"), what, "add address to cxml.authenticate"


def _identities_are_different(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    for name in ("identities", "supplier", "senders"):
        seen: set[tuple[str, str]] = set()
        for index, identity in enumerate(getattr(partner, name)):
            key = (identity.domain.casefold(), identity.identity)
            if key in seen:
                yield (name, index), "this identity stands here twice", "take one out"
            seen.add(key)


def _decisions_are_allowed(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    for code, consequence in partner.orders.decisions.items():
        path = ("orders", "decisions", code)
        rule = RULE.get(code)
        if rule is None:
            yield path, "no order rule has this code", nearest(code, RULE)
        elif consequence not in rule.allowed:
            allowed = ", ".join(sorted(rule.allowed))
            yield path, f"cannot lead to {consequence} ({rule.title})", f"it can: {allowed}"


def _names_of_parameters_are_different(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    for section, given, own in (
        ("oci", partner.oci.parameters, {name: (name,) for name in OCI_NAMES}),
        ("ubl", partner.ubl.parameters, UBL_NAMES),
    ):
        taken = {fold(name): role for role, names in own.items() for name in names}
        taken = {name: role for name, role in taken.items() if role not in given}
        for role, name in given.items():
            other = taken.setdefault(fold(name), role)
            if other != role:
                what = f"{name} is the name of {other} already"
                yield (section, "parameters", role), what, f"name {other} otherwise too, or this"


def _units_are_known(partner: Partner, settings: Settings) -> Iterator[Complaint]:
    _ = settings
    units = partner.units
    named: list[tuple[KeyPath, str]] = [
        (("units", "written", code), code) for code in units.written
    ]
    named += [(("units", "read", spelt), code) for spelt, code in units.read.items()]
    if units.default is not None:
        named.append((("units", "default"), units.default))
    known = known_units() if named else frozenset()
    for path, code in named:
        if code not in known:
            yield path, f'no unit of UN/ECE Rec 20 is "{code}"', f"the codes stand in {REC20}"


RULES: Final[tuple[Callable[[Partner, Settings], Iterator[Complaint]], ...]] = (
    _we_have_a_name,
    _secret_is_set,
    _external_shop_is_complete,
    _http_is_allowed_only_where_it_may,
    _somebody_is_checked,
    _addresses_go_with_their_proof,
    _identities_are_different,
    _decisions_are_allowed,
    _units_are_known,
    _names_of_parameters_are_different,
    *EXCHANGE_RULES,
)


def lint(partner: Partner, marked: Marked, settings: Settings) -> list[Finding]:
    """Return what is wrong with one partner as a whole."""
    found = [one for rule in RULES for one in rule(partner, settings)]
    found += _sections_without_login(partner, marked)
    return [Finding(marked.where(path), dotted(path), what, hint) for path, what, hint in found]


def _sections_without_login(partner: Partner, marked: Marked) -> Iterator[Complaint]:
    """Give sections of the partner's own file for a login that nobody has; a profile may hold more.

    Who logs in stands in `identities`, which is easily forgotten beside the section.
    """
    domains = {each.domain.strip().casefold() for each in partner.identities}
    for section, domain in LOGIN_DOMAINS.items():
        own = marked.where((section,)).startswith(f"{marked.file}:")
        if (section,) in marked.places and own and domain.casefold() not in domains:
            hint = f"add {{domain: {domain}, identity: THEIR-USER-NAME}} to identities"
            yield (section,), "nobody can log in: no identity has this domain", hint


def lint_together(partners: Iterable[tuple[Partner, Marked]]) -> list[Finding]:
    """Return what two partners cannot both have: an identity, a folder of files with numbers."""
    known = list(partners)
    return [*_identities_of_several(known), *_folders_of_several(known)]


def _identities_of_several(partners: Iterable[tuple[Partner, Marked]]) -> Iterator[Finding]:
    """Give identities that two partners claim: who sent a document would be a guess."""
    owners: dict[IdentityKey, tuple[Partner, str]] = {}
    for partner, marked in partners:
        for index, identity in enumerate(partner.identities):
            key, _ = identity_key(identity.domain, identity.identity)
            where = marked.where(("identities", index))
            owner, first = owners.setdefault(key, (partner, where))
            if owner.id != partner.id:
                what = f"{identity.domain} {identity.identity} belongs to {owner.id} ({first})"
                hint = "a network that sends for several partners belongs in senders"
                yield Finding(where, f"identities[{index}]", what, hint)


def _folders_of_several(partners: Iterable[tuple[Partner, Marked]]) -> Iterator[Finding]:
    """Give folders that files of two partners go to: `invoice-1.csv` of one hides the other's."""
    owners: dict[str, tuple[Partner, str]] = {}
    for partner, marked in partners:
        endpoint = partner.edi.endpoint
        if endpoint is None or not partner.edi.files:
            continue
        where = marked.where(("edi", "endpoint"))
        owner, first = owners.setdefault(endpoint, (partner, where))
        if owner.id != partner.id:
            what = f"the files of {owner.id} go there already ({first})"
            yield Finding(where, "edi.endpoint", what, "give each partner a folder of its own")
