"""Mappings are judged where they lie: by tables of EDI and schemas, a partner's own first."""

from importlib.resources import files as shipped_files
from pathlib import Path

from gateway.partners.library import PartnerLibraries, shipped_library

LINTED = """mapping: Invoice -> flat/invoice
segments:
  head: {elements: {invoce_id: src.invoice_id}}
  hed: {elements: {kind: src.invoice_id}}
"""


def test_names_in_mappings_of_flat_files_and_edi_are_judged_with_the_nearest(
    tmp_path: Path,
) -> None:
    own = tmp_path / "partners" / "acme"
    (own / "mappings" / "flat").mkdir(parents=True)
    (own / "mappings" / "flat" / "bill.yaml").write_text(LINTED)
    (own / "mappings" / "orders.yaml").write_text(
        "mapping: edifact/ORDERS -> Order\nfields: {order_id: src.BGM.@1005, note: src.BGN.@1004}\n"
    )
    (own / "partner.yaml").write_text("name: Acme\n")
    told = [str(one) for one in PartnerLibraries(shipped_library()).findings(own)]
    for says in (
        "head: head has no element invoce_id in invoice; did you mean '@invoice_id'?",
        "hed: there is no segment 'hed' in invoice; did you mean 'head'?",
        "BGM has no element 1005 in D.96A, D.01B; did you mean '@1004'?",
        "there is no segment 'BGN' in D.96A, D.01B; did you mean 'BGM'?",
    ):
        assert any(says in one for one in told), (says, told)


def test_a_shipped_mapping_is_judged_by_the_partners_schema_of_its_name(tmp_path: Path) -> None:
    own = tmp_path / "partners" / "acme"
    (own / "flatfiles").mkdir(parents=True)
    (own / "partner.yaml").write_text("name: Acme\n")
    text = (shipped_files("mappings") / "flat/schemas/stock-report.yaml").read_text("utf-8")
    file = own / "flatfiles" / "stock-report.yaml"
    file.write_text(text)
    assert PartnerLibraries(shipped_library()).findings(own) == ()
    file.write_text(text.replace("      warehouse:", "      storehouse:"))
    (finding,) = PartnerLibraries(shipped_library()).findings(own)
    assert "item has no element warehouse in acme/stock-report" in str(finding)
    assert "did you mean '@storehouse'?" in str(finding)
