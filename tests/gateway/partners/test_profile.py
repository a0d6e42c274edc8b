"""Each shipped profile is in order by itself, fits a partner, and is described."""

from pathlib import Path

import pytest

from gateway.errors import ConfigurationError
from gateway.partners.loader import load_partners
from gateway.partners.overlays import known_units
from gateway.partners.profile import Buyer, load_profile, profile_names

ROOT = Path(__file__).parents[3]


def test_the_systems_that_were_promised_are_there() -> None:
    assert set(profile_names()) == {
        "ariba", "basware", "buyerquest", "coupa", "dynamics-365", "generic", "generic-oci-4",
        "generic-oci-5", "ifs-cloud", "infor", "jaggaer", "netsuite", "oracle", "oracle-fusion",
        "oracle-iprocurement", "peoplesoft", "sap-s4hana", "sap-srm", "unimarket", "visma-proceedo",
    }  # fmt: skip


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_is_in_order_and_says_where_its_facts_come_from(name: str) -> None:
    profile = load_profile(name)
    assert profile.profile == name
    assert profile.sources
    assert profile.buyer.credentials.sender == "buyer" or profile.buyer.credentials.network


@pytest.mark.parametrize("name", profile_names())
def test_a_partner_needs_nothing_but_its_ids_with_any_profile(name: str, tmp_path: Path) -> None:
    file = tmp_path / "partners" / "acme" / "partner.yaml"
    file.parent.mkdir(parents=True)
    (tmp_path / "secret").write_text("x")
    file.write_text(
        f"name: Acme\nprofile: {name}\ncustomer: 1\nsecrets: {{current: file:secret}}\n"
        "identities: [{domain: NetworkId, identity: AN01}]\n"
        "supplier: [{domain: DUNS, identity: 9}]\n"
    )
    partner = load_partners(tmp_path).get("acme")
    profile = load_profile(name)
    assert partner.limits == profile.limits
    assert partner.cxml == profile.partner.cxml


@pytest.mark.parametrize("name", profile_names())
def test_a_network_that_sends_is_one_that_partners_of_the_profile_believe(name: str) -> None:
    profile = load_profile(name)
    network = profile.buyer.credentials.network
    assert network is None or network in profile.partner.senders


PLAYED = {
    "unit": ("unknown_unit", {"each": "each", "lose-cart": "lose-cart"}),
    "description-length": ("long_text", {"cut": "cut", "refuse": "refuse"}),
}
"""Effects that the virtual buyer can play, and what its section calls them."""


@pytest.mark.parametrize("name", profile_names())
@pytest.mark.parametrize("rule", PLAYED)
def test_what_the_shop_says_of_a_system_is_what_the_virtual_buyer_plays(
    name: str, rule: str
) -> None:
    profile = load_profile(name)
    key, words = PLAYED[rule]
    effects = {str(rule): effect for rule, effect in profile.limits.effects.items()}
    assert words.get(effects.get(rule, ""), "keep") == getattr(profile.buyer, key)


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_spells_units_that_exist(name: str) -> None:
    units = load_profile(name).partner.units
    assert {*units.written, *units.read.values()} <= known_units()


def test_a_profile_may_lie_over_another() -> None:
    below, above = load_profile("generic-oci-4"), load_profile("sap-s4hana")
    assert above.limits.quantity_digits == below.limits.quantity_digits == 11
    assert (below.partner.oci.version, above.partner.oci.version) == ("4.0", "5.0")
    assert above.sources != load_profile("sap-srm").sources


def test_an_unknown_profile_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigurationError, match="did you mean ariba"):
        load_profile("aribba")


def test_a_mistake_in_a_profile_is_told_in_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.partners import loader
    from gateway.partners.marked import read_marked

    broken = read_marked(b"profile: generic\npartner:\n  cxml:\n    strict: perhaps\n", "p.yaml")
    monkeypatch.setattr(loader, "read_profile", lambda _name: broken)
    file = tmp_path / "partners" / "acme" / "partner.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("name: A\ncustomer: 1\nidentities: [{domain: X, identity: Y}]\n")
    with pytest.raises(ConfigurationError) as caught:
        load_partners(tmp_path)
    assert 'p.yaml:4: cxml.strict: expected yes or no, found "perhaps"' in caught.value.findings


def test_every_key_of_a_buyer_is_described() -> None:
    page = (ROOT / "mappings/profiles/README.md").read_text()
    assert not [name for name in Buyer.model_fields if f"| `{name}` |" not in page]
