"""What a profile and a partner.yaml say in line stands over what is shipped, with file and line."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.order import Item
from canonical.price import Price
from canonical.punchout import Cart, CartLine
from gateway.errors import ConfigurationError
from gateway.partners.library import (
    SUPPLIER,
    PartnerLibraries,
    shipped_library,
    workspace_library,
)
from gateway.partners.live import LOOK_EVERY, LiveLibraries, LivePartners
from gateway.partners.loader import load_partners
from gateway.partners.marked import read_marked
from gateway.partners.overlays import UNIT_TABLES, overlay_of
from gateway.partners.profile import profile_names, profile_overlays
from mappings.engine.library import Library
from protocols.cxml.codec import CxmlCodec
from tests.builders import make_order_request
from tests.gateway.partners.conftest import PARTNER

GUIDE = Path(__file__).parents[3] / "docs/how-to/new-buyer-system.md"
Write = Callable[[str, str], Path]
INLINE = """\
mappings:
  cxml/punchout-order-message-write:
    element:
      PunchOutOrderMessage:
        children:
          ItemIn:
            children:
              ItemDetail:
                children:
                  Description:
                    text: line.name | left(5)
"""
UNITS = """\
units:
  written: {EA: EACH, C62: EACH, BX: "BOX,L"}
  read: {KLP: PK}
  default: EA
"""


@pytest.fixture
def shipped() -> Library:
    return shipped_library()


def written(library: Library) -> str:
    line = CartLine(
        line_id="1",
        quantity=Quantity(value=Decimal(2), unit="BX"),
        item=Item(sku="A-1"),
        name="Gloves of leather",
        price=Price(amount=Decimal("9.50"), currency="EUR"),
    )
    writer = library.writer("cxml", "Cart")
    assert writer is not None
    cart = Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=(line,))
    result = writer.write(cart, version="1.2.050")
    return "" if result.markup is None else result.markup.text


def test_an_override_in_partner_yaml_changes_what_is_written(
    write: Write, workspace: Path, shipped: Library
) -> None:
    write("acme", PARTNER + INLINE)
    own = PartnerLibraries(shipped).partner(workspace / "partners" / "acme")
    assert "</ShortName>Glove</Description>" in written(own)
    assert "</ShortName></Description>" in written(shipped)


def test_the_partners_own_file_stands_over_what_partner_yaml_says(
    write: Write, shipped: Library
) -> None:
    file = write("acme", PARTNER + INLINE)
    own = file.parent / "mappings/cxml/punchout-order-message-write.yaml"
    own.parent.mkdir(parents=True)
    text = dedent(INLINE.split("\n", 2)[2]).replace("left(5)", "left(3)")
    own.write_text(f"extends: cxml/punchout-order-message-write\n{text}")
    library = PartnerLibraries(shipped).partner(file.parent)
    assert "</ShortName>Glo</Description>" in written(library)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (INLINE.replace("line.name |", "line.nme |"), "partners/acme/partner.yaml:20:"),
        (INLINE.replace("order-message", "order-mesage"), "partners/acme/partner.yaml:11:"),
        (INLINE.replace("left(5)", "lft(5)"), "partners/acme/partner.yaml:20:"),
    ],
)
def test_a_mistake_is_told_with_the_line_of_partner_yaml(
    write: Write, workspace: Path, shipped: Library, text: str, told: str
) -> None:
    write("acme", PARTNER + text)
    libraries = PartnerLibraries(shipped)
    with pytest.raises(ConfigurationError) as caught:
        libraries.sound(workspace / "partners" / "acme")
    assert [one for one in caught.value.findings if one.startswith(told)], caught.value.findings


def test_moved_lines_make_no_new_version_of_a_mapping(shipped: Library) -> None:
    def version(text: str) -> str:
        marked = read_marked(text.encode(), "partner.yaml")
        over = overlay_of(marked, marked)
        writer = shipped.with_overlay(over.mappings, over.tables).writer("cxml", "Cart")
        assert writer is not None
        return writer.version

    assert version(INLINE) == version(f"\n\n{INLINE}") != version(INLINE.replace("5", "6"))


def test_units_are_read_and_written_as_the_partner_says(
    write: Write, workspace: Path, shipped: Library
) -> None:
    write("acme", PARTNER + UNITS)
    library = PartnerLibraries(shipped).partner(workspace / "partners" / "acme")
    for name in UNIT_TABLES:
        table = library.table(name)
        spelt = [table.find(code, outward=True) for code in ("EA", "C62", "BX", "MTR")]
        assert spelt == ["EACH", "EACH", "BOX,L", "MR" if name == "x12/uom" else "MTR"]
        assert [table.find(word) for word in ("EACH", "KLP", "BOX,L", "MTR")] == [
            "EA", "PK", "BX", "MTR",
        ]  # fmt: skip
        assert [table.step(word) for word in ("EACH", "KLP", "MTR")] == [None, None, None]
        assert (table.default, table.unmapped) == ("EA", "error")


def test_a_spelling_that_is_a_code_itself_is_not_read_as_another(
    write: Write, workspace: Path, shipped: Library
) -> None:
    write("acme", PARTNER + "units: {written: {C62: EA, PK: BX}, read: {BX: PK}}\n")
    table = PartnerLibraries(shipped).partner(workspace / "partners" / "acme").table("cxml/uom")
    assert [table.find(code, outward=True) for code in ("C62", "PK")] == ["EA", "BX"]
    assert [table.find(word) for word in ("EA", "BX", "C62")] == ["EA", "PK", "C62"]


def test_each_step_of_reading_a_unit_but_the_partners_own_says_which_it_is(
    write: Write, workspace: Path, shipped: Library
) -> None:
    write("acme", PARTNER + "units: {read: {KLP: PK}, unknown: warn}\n")
    own = workspace / "tables" / "uom" / "units.csv"
    own.parent.mkdir(parents=True)
    own.write_text("# extends: uom/units\nfrom,to\nSÄCKCHEN,BG\nKLP,WRONG\n")
    base = workspace_library(shipped, workspace)
    table = PartnerLibraries(base).partner(workspace / "partners" / "acme").table("cxml/uom")
    assert table.unmapped == "warn"
    found = {word: (table.find(word), table.step(word)) for word in
             ("KLP", "Säckchen", "MTR", "Stück", "ST", "EACH", "nothing")}  # fmt: skip
    assert found == {
        "KLP": ("PK", None),
        "Säckchen": ("BG", SUPPLIER),
        "MTR": ("MTR", None),
        "Stück": ("C62", "name of the unit"),
        "ST": ("C62", "list of SAP's own codes"),
        "EACH": ("EA", "name of the unit"),
        "nothing": (None, None),
    }


def test_every_list_of_units_of_a_protocol_follows_the_partner(shipped: Library) -> None:
    lists = {name for name in shipped.tables if name.endswith(("/uom", "/units"))}
    assert lists == set(UNIT_TABLES)


def test_partners_without_words_of_their_own_share_the_library_of_their_profile(
    write: Write, workspace: Path, shipped: Library
) -> None:
    for name in ("acme", "bolt"):
        write(name, PARTNER.replace("customer", "profile: oracle\ncustomer"))
    libraries = PartnerLibraries(shipped)
    acme, bolt = (libraries.sound(workspace / "partners" / name) for name in ("acme", "bolt"))
    assert acme is bolt is not shipped
    assert acme.table("cxml/uom").find("EA", outward=True) == "EACH"


def test_a_profile_that_says_nothing_of_mappings_costs_no_library(
    write: Write, workspace: Path, shipped: Library
) -> None:
    write("acme", PARTNER)
    assert PartnerLibraries(shipped).partner(workspace / "partners" / "acme") is shipped


def test_what_the_guide_to_a_new_system_shows_is_taken_as_it_stands(
    write: Write, workspace: Path, shipped: Library
) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    write("acme", PARTNER + "".join(blocks))
    partner = load_partners(workspace).get("acme")
    assert partner.units.unknown == "warn"
    assert partner.limits.decisions == {"description-length": "warn", "unit": "block"}
    found = PartnerLibraries(shipped).findings(workspace / "partners" / "acme")
    assert [str(one) for one in found] == []


@pytest.mark.parametrize("name", profile_names())
def test_what_a_profile_says_of_mappings_and_units_is_in_order(name: str, shipped: Library) -> None:
    library = shipped
    for overlay in profile_overlays(name):
        library = library.with_overlay(overlay.mappings, overlay.tables)
    assert [str(one) for one in library.lint(above=shipped)] == []


def test_a_changed_partner_yaml_and_a_new_list_of_the_supplier_are_used_at_once(
    write: Write, workspace: Path
) -> None:
    seconds = [0.0]
    file = write("acme", PARTNER)
    live = LivePartners(workspace, lambda: load_partners(workspace), now=lambda: seconds[0])
    libraries = LiveLibraries(workspace, live)
    assert libraries(live.get("acme")).table("cxml/uom").find("KLP") is None
    file.write_text(PARTNER + UNITS)
    seconds[0] += LOOK_EVERY
    assert libraries(live.get("acme")).table("cxml/uom").find("KLP") == "PK"
    own = workspace / "tables" / "uom" / "units.csv"
    own.parent.mkdir(parents=True)
    own.write_text("# extends: uom/units\nfrom,to\nSÄCKCHEN,BG\n")
    seconds[0] += LOOK_EVERY
    assert libraries(live.get("acme")).table("cxml/uom").step("SÄCKCHEN") == SUPPLIER


SCRAPS = st.recursive(
    st.sampled_from(["x", "", "EA", "src.x", "!remove", "'a, b'", '"1,\\n2"', "extends", "null"]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(
                ["cxml/order-request", "fields", "element", "written", "read", "default",
                 "unknown", "from", "mapping", "extends", "EA"]
            ),
            inner, max_size=3,
        ).map(lambda d: "{" + ", ".join(f"{key}: {value}" for key, value in d.items()) + "}")
    ),
    max_leaves=6,
)  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
    deadline=None,
)
@given(mappings=SCRAPS, units=SCRAPS)
def test_nothing_in_line_makes_the_libraries_fail_otherwise_than_by_findings(
    workspace: Path, shipped: Library, mappings: str, units: str
) -> None:
    file = workspace / "partners" / "acme" / "partner.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{PARTNER}mappings: {mappings}\nunits: {units}\n")
    for found in PartnerLibraries(shipped).findings(file.parent):
        assert found.path.startswith(("partners/acme/", "mappings/"))


def test_another_partners_change_leaves_what_is_compiled_for_a_profile(
    write: Write, workspace: Path
) -> None:
    seconds = [0.0]
    write("acme", PARTNER.replace("customer", "profile: oracle\ncustomer"))
    live = LivePartners(workspace, lambda: load_partners(workspace), now=lambda: seconds[0])
    libraries = LiveLibraries(workspace, live)
    before = libraries(live.get("acme"))
    write("bolt", PARTNER.replace("AN01", "AN02").replace("111", "222"))
    seconds[0] += LOOK_EVERY
    assert len(live) == 2
    assert libraries(live.get("acme")) is before


def test_a_trace_names_the_line_of_partner_yaml_that_gave_a_value(
    write: Write, workspace: Path, shipped: Library
) -> None:
    write("acme", f"{PARTNER}mappings: {{cxml/order-request: {{fields: {{note: \"'by us'\"}}}}}}\n")
    library = PartnerLibraries(shipped).partner(workspace / "partners" / "acme")
    reader = library.tracing_reader("cxml", "OrderRequest.new")
    assert reader is not None
    reading = CxmlCodec().read(make_order_request(), "text/xml")
    _, steps = reader.trace(reading.messages[0])
    (step,) = [one for one in steps if one.target == "note"]
    assert (step.value, step.source) == ("by us", "partners/acme/partner.yaml:10")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("units: {writen: {EA: X}}\n", "units.writen: this key is not known here"),
        ("units: {unknown: perhaps}\n", "units.unknown"),
        ("mappings: [cxml/x]\n", "mappings"),
        ("limits: {decisions: {unit: perhaps}}\n", "limits.decisions.unit"),
        ("limits: {decisions: {unti: block}}\n", "limits.decisions.unti"),
        ("units: {written: {EAA: EACH}}\n", "units.written.EAA: no unit of UN/ECE Rec 20 is"),
        ("units: {read: {EACH: EAA}}\n", "units.read.EACH: no unit of UN/ECE Rec 20 is"),
        ("units: {default: EAA}\n", "units.default: no unit of UN/ECE Rec 20 is"),
    ],
)
def test_a_wrong_key_is_told_with_its_line(
    write: Write, workspace: Path, text: str, told: str
) -> None:
    write("acme", PARTNER + text)
    with pytest.raises(ConfigurationError) as caught:
        load_partners(workspace)
    (finding,) = caught.value.findings
    assert finding.startswith(f"partners/acme/partner.yaml:10: {told}"), finding
