"""What is installed reaches the codec, and what is missing is said in words."""

from canonical.wire import Dialect
from gateway.standards import install, load_schemas, missing
from protocols import xml
from protocols.ubl.dialect import PunchoutDialect


def test_the_installed_dtds_judge(folder, workspace):
    install(folder, workspace)
    schemas = load_schemas(workspace)
    assert set(schemas.installed) == {("1.2.050", "cXML"), ("1.2.050", "Fulfill")}
    dtd = schemas.for_reading("1.2.050", "cXML")
    root = xml.parse(b"<cXML><Odd/></cXML>").root
    assert dtd is not None
    assert root is not None
    assert {fault.code for fault in dtd.validate(root)} == {"XML-020", "XML-021"}


def test_a_workspace_without_standards_has_no_schemas_and_says_what_that_means(workspace):
    assert list(load_schemas(workspace).installed) == []
    sentences = missing(workspace)
    assert len(sentences) == 2
    for module, sentence in zip(("cXML.dtd", "Fulfill.dtd"), sentences, strict=True):
        assert module in sentence
        assert "our own structural checks" in sentence
        assert "gateway standards install" in sentence


def test_a_dtd_that_vanished_stops_nothing_we_read(folder, workspace):
    install(folder, workspace)
    schemas = load_schemas(workspace)
    (workspace / "standards/cxml/1.2.050/cXML.dtd").unlink()
    assert schemas.for_reading("1.2.050", "cXML") is None


def test_nothing_is_missing_when_all_versions_are_there(folder, workspace):
    install(folder, workspace)
    assert missing(workspace, [("acme", Dialect(versions={"*": "1.2.050"}))]) == ()


def test_a_partners_version_that_is_not_installed_is_named_with_what_it_is_for(folder, workspace):
    install(folder, workspace)
    dialect = Dialect(
        versions={"PunchOutOrderMessage": "1.2.023", "ConfirmationRequest": "1.2.060"}
    )
    first, second = missing(workspace, [("acme", dialect)])
    assert "cXML.dtd 1.2.023 (PunchOutOrderMessage to acme)" in first
    assert "1.2.050 judges in its place" in first
    assert "Fulfill.dtd 1.2.060 (ConfirmationRequest to acme)" in second
    assert "nothing judges what we send" in second


def test_a_partner_without_versions_asks_for_none(folder, workspace):
    install(folder, workspace)
    assert missing(workspace, [("acme", Dialect())]) == ()


def test_a_partner_who_logs_in_by_peppol_asks_for_schema_and_rules(folder, workspace):
    install(folder, workspace)
    xsd, rules = missing(workspace, [("kommun", Dialect()), ("kommun", PunchoutDialect())])
    assert xsd.startswith("UBL-Catalogue-2.1.xsd (Catalogue to kommun): not installed")
    assert rules.startswith("the Peppol rules T77 (Catalogue to kommun)")
    assert "gateway standards install" in rules


def test_rules_without_what_runs_them_are_missing_too(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.standards.ubl.rules_available", lambda: False)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "t77.sch").write_text(
        '<schema xmlns="http://purl.oclc.org/dsdl/schematron"><pattern><rule context="a">'
        '<assert id="PEPPOL-T77-R001" test="b">x</assert></rule></pattern></schema>'
    )
    install(tmp_path / "rules", workspace)
    sentences = missing(workspace, [("kommun", PunchoutDialect())])
    assert any("SaxonC" in text and "[rules]" in text for text in sentences)
