"""Partners are read from folders; everything wrong with any of them is told at once, with lines."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canonical.wire import Dialect
from gateway.errors import ConfigurationError, NotFoundError
from gateway.partners.directory import Partners
from gateway.partners.loader import load_partners
from gateway.partners.model import Partner, State
from protocols.oci.dialect import OciDialect
from protocols.ubl.dialect import PunchoutDialect
from tests.gateway.partners.conftest import PARTNER

Write = Callable[..., Path]


def refused(workspace: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        load_partners(workspace)
    return caught.value.findings


def test_a_partner_is_its_file_over_its_profile_over_the_defaults(
    write: Write, workspace: Path
) -> None:
    text = """\
name: Acme
profile: coupa
customer: 00123
state: live
identities: [{domain: NetworkId, identity: AN01}]
supplier: [{domain: DUNS, identity: "999"}]
secrets: {current: file:secrets/current}
cxml:
  versions: {PunchOutOrderMessage: 1.2.050}
orders: {price_tolerance: "0.10", decisions: {ORDER-010: change}}
"""
    write("acme", text)
    partner = load_partners(workspace).get("acme")
    assert partner.customer == "00123"
    assert partner.cxml.form_encoding == "urlencoded"
    assert partner.dialect.versions == {
        "PunchOutSetupResponse": "1.2.014",
        "PunchOutOrderMessage": "1.2.050",
        "ConfirmationRequest": "1.2.036",
    }
    assert partner.orders.policy.price_tolerance == Decimal("0.10")
    assert partner.orders.policy.consequence("ORDER-010") == "change"
    assert partner.punchout.session_minutes == 120
    assert (partner.identity.identity, partner.us.identity) == ("AN01", "999")


def test_an_empty_value_takes_back_what_the_profile_says(write: Write, workspace: Path) -> None:
    text = """\
name: Acme
profile: ariba
customer: "1"
identities: [{domain: NetworkId, identity: AN01}]
supplier: [{domain: DUNS, identity: "999"}]
secrets: {current: file:secrets/current}
limits:
  classification:
"""
    write("acme", text)
    partner = load_partners(workspace).get("acme")
    assert partner.limits.classification is None
    assert partner.limits.refused_characters == "?{}"
    assert partner.state is State.TESTING


def test_who_we_are_may_stand_in_the_settings(write: Write, workspace: Path) -> None:
    (workspace / "gateway.toml").write_text(
        'identities = [{domain = "DUNS", identity = "123456789"}]\n'
    )
    lines = write("acme").read_text().splitlines(keepends=True)
    file = workspace / "partners/acme/partner.yaml"
    file.write_text("".join(line for line in lines if "supplier" not in line and "999" not in line))
    assert load_partners(workspace).get("acme").us.identity == "123456789"
    (workspace / "gateway.toml").unlink()
    assert "supplier: nobody knows who we are" in refused(workspace)[0]


def test_all_findings_of_all_partners_come_at_once(write: Write, workspace: Path) -> None:
    write(
        "acme",
        """\
name: Acme
customr: 10001
customer: 10001
identities:
  - {domain: NetworkId, identity: AN01}
supplier: [{domain: DUNS, identity: 999}]
secrets: {current: hunter2}
cxml:
  strict: maybe
  versions: {PunchOutOrderMessage: "1.2"}
  check: [from, two]
punchout:
  session_minutes: many
  return_hosts: ["https://buyer.example.com/x"]
""",
    )
    write("bolt", "name: Bolt\nprofile: coupas\n")
    write("cog", "name: [Cog\n")
    findings = refused(workspace)
    places = {finding.split(": ")[0] + " " + finding.split(": ")[1] for finding in findings}
    assert places == {
        "partners/acme/partner.yaml:2 customr",
        "partners/acme/partner.yaml:7 secrets.current",
        "partners/acme/partner.yaml:9 cxml.strict",
        "partners/acme/partner.yaml:10 cxml.versions.PunchOutOrderMessage",
        "partners/acme/partner.yaml:11 cxml.check[1]",
        "partners/acme/partner.yaml:13 punchout.session_minutes",
        "partners/acme/partner.yaml:14 punchout.return_hosts[0]",
        "partners/bolt/partner.yaml:2 profile",
        "partners/bolt/partner.yaml customer",
        "partners/bolt/partner.yaml identities",
        "partners/cog/partner.yaml:2 not readable as YAML",
    }
    assert 'expected a whole number, found "many"' in "".join(findings)
    assert "did you mean customer?" in "".join(findings)
    assert "did you mean coupa?" in "".join(findings)
    assert "hunter2" not in "".join(findings)


@pytest.mark.parametrize(
    ("addition", "finding"),
    [
        ("id: acme", "11: id: the folder's name is the id"),
        ("stat: live", "11: stat: this key is not known here -- did you mean state?"),
        ("stat:", "11: stat: this key is not known here -- did you mean state?"),
        ("name: again", "11: key 'name' stands here twice"),
        ("punchout: {shop: external}", "11: punchout.external_url|punchout.external_secret|11:"),
        ("punchout: {allow_http: yes}", "11: punchout.allow_http: carts would travel in the open"),
        ("punchout: yes", '11: punchout: expected a table of keys and values, found "yes"'),
        ("cxml: {check: [to]}", "11: cxml.check: nothing would name the partner"),
        ("cxml: {check: []}", "11: cxml.check: expected at least 1 entry"),
        ("cxml: {authenticate: [address]}", "11: cxml.authenticate: address is taken as proof"),
        ("cxml: {addresses: [10.0.0.0/8]}", "11: cxml.addresses: no effect"),
        ("cxml: {addresses: [here]}", "11: cxml.addresses[0]:"),
        ("cxml: {charset: EBCDIC}", "11: cxml.charset: expected UTF-8, US-ASCII or ISO-8859-1"),
        ("orders: {decisions: {ORDER-10: hold}}", "11: orders.decisions.ORDER-10: no order rule"),
        ("orders: {decisions: {ORDER-001: change}}", "ORDER-001: cannot lead to change"),
        ("orders: {decisions: {ORDER-001: ignore}}", "11: orders.decisions.ORDER-001: expected"),
        ("orders: {price_tolerance: '1,5'}", "11: orders.price_tolerance: expected a decimal"),
        ("orders: {price_tolerance: -1}", "11: orders.price_tolerance: expected at least 0"),
        ("orders: {response: {url: 'http://b'}}", "11: orders.response.url: answers and our"),
        ("oci: {}", "11: oci: nobody can log in: no identity has this domain -- add {domain: OCI,"),
        ("ubl: {}", "11: ubl: nobody can log in"),
        ("oci: {parameters: {USERNAM: x}}", "11: oci.parameters.USERNAM"),
        ("oci: {parameters: {'~username': 'a b'}}", "11: oci.parameters.~username"),
        ("oci: {parameters: {USERNAME: password}}", "password is the name of PASSWORD already"),
        ("oci: {parameters: {USERNAME: a, PASSWORD: ~A}}", "~A is the name of USERNAME already"),
        ("ubl: {parameters: {username: PWD}}", "PWD is the name of password already"),
        ("ubl: {parameters: {user: x}}", "11: ubl.parameters.user: expected one of username,"),
        ("oci: {charset: EBCDIC}", "11: oci.charset: expected UTF-8 or ISO-8859-1"),
        ("oci: {item_constants: {VENDR: x}}", "11: oci.item_constants.VENDR"),
        ("oci: {return_target: _new}", "11: oci.return_target"),
        ("oci: {version: 6.0}", "11: oci.version"),
        ("ubl: {tax_percent: 101}", "11: ubl.tax_percent"),
        ("ubl: {buyer_endpoint: 7300010000001}", "11: ubl.buyer_endpoint"),
        ("senders: [{domain: X}]", "11: senders[0].identity: this key is missing"),
        ("---", "11: expected one document"),
        ("x: &a 1", "11: anchors and aliases"),
    ],
)
def test_each_mistake_is_told_where_it_stands(
    write: Write, workspace: Path, addition: str, finding: str
) -> None:
    file = write("acme")
    file.write_text(file.read_text() + "# one line more\n" + addition + "\n")
    findings = "\n".join(refused(workspace))
    for part in finding.split("|"):
        assert part in findings


def test_two_partners_may_not_share_an_identity_but_may_share_a_network(
    write: Write, workspace: Path
) -> None:
    network = "senders: [{domain: AribaNetworkUserId, identity: sysadmin@ariba.com}]\n"
    write("acme", Path(write("zeta")).read_text() + network)
    findings = refused(workspace)
    assert len(findings) == 2
    assert findings[0].startswith(
        "partners/zeta/partner.yaml:5: identities[0]: NetworkId AN01 belongs to acme"
        " (partners/acme/partner.yaml:5)"
    )
    other = (workspace / "partners/zeta/partner.yaml").read_text()
    (workspace / "partners/zeta/partner.yaml").write_text(
        other.replace("AN01", "AN02").replace("111", "222") + network
    )
    assert [partner.id for partner in load_partners(workspace)] == ["acme", "zeta"]


def test_a_test_id_belongs_to_the_same_partner(write: Write, workspace: Path) -> None:
    text = write("acme").read_text()
    write("bolt", text.replace("AN01", "AN01-T").replace("111", "222"))
    assert "AN01-T belongs to acme" in refused(workspace)[0]


def test_a_secret_that_cannot_be_opened_is_told(write: Write, workspace: Path) -> None:
    text = write("acme").read_text()
    file = workspace / "partners/acme/partner.yaml"
    file.write_text(text.replace("file:secrets/current", "env:NOT_SET_ANYWHERE"))
    assert refused(workspace) == (
        "partners/acme/partner.yaml:9: secrets.current: "
        "the environment has no variable NOT_SET_ANYWHERE",
    )
    file.write_text(text.replace("secrets: {current: file:secrets/current}\n", ""))
    assert "gateway secrets set acme" in refused(workspace)[0]


def test_a_folder_without_a_file_is_told_and_a_hidden_one_is_not(
    write: Write, workspace: Path
) -> None:
    write("acme")
    for name in (".git", "_template"):
        (workspace / "partners" / name).mkdir()
    assert len(load_partners(workspace)) == 1
    (workspace / "partners" / "bolt").mkdir()
    assert refused(workspace) == ("partners/bolt/partner.yaml: this file is missing",)


def test_a_folder_whose_name_is_no_id_is_told(write: Write, workspace: Path) -> None:
    write("Acme AB")
    (told,) = refused(workspace)
    assert told.startswith("partners/Acme AB/partner.yaml: the folder's name is the id: expected")


def test_an_unknown_profile_is_told_once_whatever_else_is_left_empty(
    write: Write, workspace: Path
) -> None:
    write("acme", PARTNER + "profile: coupas\npunchout:\n")
    (told,) = refused(workspace)
    assert told.endswith('profile: there is no profile "coupas" -- did you mean coupa?')


def test_a_workspace_without_partners_has_none(workspace: Path) -> None:
    partners = load_partners(workspace)
    assert list(partners) == []
    with pytest.raises(NotFoundError, match="known: none"):
        partners.get("acme")


def test_secrets_do_not_show_in_what_is_loaded(write: Write, workspace: Path) -> None:
    write("acme")
    partners = load_partners(workspace)
    shown = repr(partners.keyring("acme")) + repr(list(partners)) + str(vars(partners))
    assert "the current secret" not in shown
    assert partners.keyring("acme").ours.reveal() == "the current secret"


def test_what_a_partner_may_send_is_asked_by_message_name(write: Write, workspace: Path) -> None:
    file = write("acme")
    file.write_text(file.read_text() + "orders: {accept: [new]}\n")
    partner = load_partners(workspace).get("acme")
    assert partner.accepts("OrderRequest.new")
    assert not partner.accepts("OrderRequest.delete")
    assert partner.accepts("PunchOutSetupRequest")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=150,
)
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_the_loader_fail_otherwise_than_by_findings(
    workspace: Path, content: bytes
) -> None:
    file = workspace / "partners" / "acme" / "partner.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    assert all(finding.startswith("partners/acme/partner.yaml") for finding in refused(workspace))


VALUES = st.recursive(
    st.sampled_from(["x", "", "yes", "-1", "1.5", "NaN", "1e400", "file:x", "10.0.0.0/33", '"?"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(["domain", "identity", "url", "versions", "check", "current", "x"]),
            inner,
            max_size=3,
        ).map(lambda d: "{" + ", ".join(f"{key}: {value}" for key, value in d.items()) + "}")
    ),
    max_leaves=5,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=150,
)
@given(data=st.dictionaries(st.sampled_from(sorted(Partner.model_fields)), VALUES))
def test_no_values_under_known_keys_make_the_loader_fail_otherwise(
    workspace: Path, data: dict[str, str]
) -> None:
    file = workspace / "partners" / "acme" / "partner.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{key}: {value}\n" for key, value in data.items()))
    with suppress(ConfigurationError):
        assert isinstance(load_partners(workspace), Partners)


def test_what_we_send_names_a_partner_by_an_identity_that_is_no_login(
    write: Write, workspace: Path
) -> None:
    logins = "identities:\n  - {domain: OCI, identity: shopper}\n"
    write("acme", PARTNER.replace("identities:\n", logins))
    write(
        "only",
        """\
name: Only
customer: 10001
identities: [{domain: oci, identity: them}]
supplier: [{domain: DUNS, identity: 999}]
secrets: {current: file:secrets/current}
""",
    )
    partners = load_partners(workspace)
    assert partners.get("acme").identity.identity == "AN01"
    assert partners.get("only").identity.identity == "them"
    assert partners.get("only").dialect_of("oci") == OciDialect()
    assert partners.get("only").dialect_of("ubl") == PunchoutDialect()
    assert type(partners.get("only").dialect_of("other")) is Dialect
