"""What is agreed on EDI and cannot be is told with its line and the way out, before it starts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.errors import ConfigurationError
from gateway.partners.loader import examine_partners, load_partners
from gateway.partners.vault import Vault
from gateway.settings import load_settings
from tests.gateway.partners.conftest import PARTNER

Write = Callable[[str, str], Path]
EXCHANGED = PARTNER.replace("{domain: DUNS, identity: 111}", "{domain: EDI-14, identity: 111}")
EXCHANGED = EXCHANGED.replace("{domain: DUNS, identity: 999}", "{domain: EDI-14, identity: 999}")


def findings(workspace: Path) -> list[str]:
    (workspace / "gateway.toml").write_text("")
    settings = load_settings(workspace)
    _, found = examine_partners(workspace, Vault(workspace), settings)
    return [str(one) for one in found]


def schema(workspace: Path, name: str) -> None:
    folder = workspace / "partners" / "acme" / "flatfiles"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text("flat: X\n")


@pytest.mark.parametrize(
    ("agreed", "says"),
    [
        ("documents: [Invoice]",
         "edi.documents: nothing leaves: edi.endpoint does not say where to "
         "-- endpoint: folder:outbox/acme, or https://..."),
        ("files: {Invoice: invoice}", "edi.files: nothing leaves"),
        ("endpoint: folder:out\n  files: {Invoice: invoise}",
         "12: edi.files.Invoice: there is no partners/acme/flatfiles/invoise.yaml "
         "-- did you mean invoice?"),
        ("inbox: in\n  flat: semicolon-ordr",
         "12: edi.flat: there is no partners/acme/flatfiles/semicolon-ordr.yaml "
         "-- did you mean semicolon-order?"),
        ("guide: trade", "11: edi.guide: there is no guides/trade.yaml"),
        ('versions: {"*": "004010"}',
         '"004010" is no version of edifact -- write one such as D.96A'),
        ("syntax: x12\n  versions: {855: D.96A}",
         '12: edi.versions.855: "D.96A" is no version of x12 -- write one such as "004010"'),
        ("charset: klingon",
         '11: edi.charset: segments cannot be read in "klingon" -- write one such as UNOC, cp1252'),
        ("charset: utf-16", 'segments cannot be read in "utf-16"'),
        ("syntax: x12\n  charset: UNOC",
         'segments cannot be read in "UNOC" -- write one such as cp1252, iso-8859-1 or utf-8'),
        ("files: {Invoce: invoice}", "11: edi.files.Invoce: expected"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_where_it_stands(
    write: Write, workspace: Path, agreed: str, says: str
) -> None:
    write("acme", f"{EXCHANGED}edi:\n  {agreed}\n")
    (found,) = findings(workspace)
    assert says in found


@pytest.mark.parametrize(
    ("syntax", "charset"),
    [("edifact", "UNOD"), ("edifact", "cp1252"), ("x12", "cp1252"), ("x12", "UTF-8")],
)
def test_a_charset_has_the_name_that_its_syntax_or_everybody_uses(
    write: Write, workspace: Path, syntax: str, charset: str
) -> None:
    write("acme", f"{EXCHANGED}edi: {{syntax: {syntax}, charset: {charset}}}\n")
    assert findings(workspace) == []


def test_who_exchanges_edi_has_an_identity_for_its_envelopes(write: Write, workspace: Path) -> None:
    write("acme", f"{PARTNER}edi:\n  inbox: in/acme\n")
    assert findings(workspace) == [], "bare messages in a folder need no envelope"
    file = workspace / "partners" / "acme" / "partner.yaml"
    file.write_text(f"{PARTNER}edi:\n  inbox: in/acme\n  acknowledge: {{CONTRL: always}}\n")
    assert [one.partition(": ")[2] for one in findings(workspace)] == [
        "identities: no identity here stands in envelopes of EDI -- add {domain: EDI-14, "
        "identity: THEIR-GLN}: EDI- and the qualifier of UNB or ISA",
        "supplier: no identity here stands in envelopes of EDI -- add {domain: EDI-14, "
        "identity: OUR-GLN}: EDI- and the qualifier of UNB or ISA",
    ]


def test_flat_files_need_no_envelopes_and_their_own_schemas_are_known(
    write: Write, workspace: Path
) -> None:
    agreed = "{inbox: in, flat: orders, endpoint: 'folder:out', files: {Invoice: bills}}"
    write("acme", f"{PARTNER}edi: {agreed}\n")
    schema(workspace, "orders")
    schema(workspace, "bills")
    assert findings(workspace) == []


@pytest.mark.parametrize("spelt", ["out", "./out/", "out//."])
def test_files_of_two_partners_do_not_go_into_one_folder(
    write: Write, workspace: Path, spelt: str
) -> None:
    agreed = "edi: {endpoint: 'folder:out', files: {Invoice: invoice}}\n"
    other = PARTNER.replace("AN01", "AN02").replace("111", "112")
    write("acme", PARTNER + agreed)
    write("bolt", other + agreed.replace("out", spelt))
    assert findings(workspace) == [
        "partners/bolt/partner.yaml:10: edi.endpoint: the files of acme go there already "
        "(partners/acme/partner.yaml:10) -- give each partner a folder of its own"
    ]


def test_what_is_wrong_stops_the_start(write: Write, workspace: Path) -> None:
    write("acme", f"{EXCHANGED}edi: {{documents: [Invoice]}}\n")
    with pytest.raises(ConfigurationError):
        load_partners(workspace)
