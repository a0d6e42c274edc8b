"""Installed XSD and rules judge as their makers say, and nothing breaks when they cannot."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from canonical.faults import Severity, has_errors
from gateway.standards import install, installed, load_official
from gateway.standards.rules import RuleProcess, rules_available
from gateway.standards.ubl import UblJudge
from protocols.schematron import compile_rules
from protocols.ubl.vocabulary import DOCUMENTS
from tests.patience import STALLED
from tests.reference import reference_folder

KIND = DOCUMENTS["Catalogue"]
VALIDATOR = "{http://difi.no/xsd/vefa/validator/1.0}"
VERDICTS = [f"{VALIDATOR}{name}" for name in ("success", "warning", "error", "fatal")]
TESTS = "tests/poacc-upgrade-3/rules"

needs_saxon = pytest.mark.skipif(not rules_available(), reason="saxonche is not installed")


@pytest.fixture(scope="module")
def reference() -> Path:
    return reference_folder("peppol")


@pytest.fixture(scope="module")
def official(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace with the official files installed."""
    workspace = tmp_path_factory.mktemp("workspace")
    for name in ("xsd/ubl-2.1", "rules/2026.5"):
        assert install(reference / name, workspace).skipped == ()
    return workspace


@pytest.fixture(scope="module")
def judge(official: Path) -> Iterator[UblJudge]:
    made = UblJudge(official, RuleProcess(timeout=STALLED))
    yield made
    made.close()


def example(reference: Path) -> bytes:
    return (reference / TESTS / "examples/PunchOut_Example.xml").read_bytes()


@needs_saxon
@pytest.mark.parametrize(
    "name", ["examples/PunchOut_Example.xml", "snippets/punchout/snippet-18-2.xml"]
)
def test_the_official_carts_are_right(judge, reference, name):
    assert judge.lacks(KIND) == ()
    assert judge.judge((reference / TESTS / name).read_bytes(), KIND) == ()


@needs_saxon
def test_each_official_case_gets_the_verdict_that_it_states(reference):
    """The cases of every transaction: rules are compiled alike, whatever they are about."""
    with (reference / "tests/expected.tsv").open(newline="") as file:
        changed = {
            (row["path"], row["case_or_root"])
            for row in csv.DictReader(file, delimiter="\t")
            if row["result_with_rules_2026.5"].startswith("differs")
        }
    process = RuleProcess(timeout=STALLED)
    cases = 0
    for file in sorted((reference / TESTS).glob("unit-*/*.xml")):
        root = etree.ElementTree(file=str(file)).getroot()
        code = re.search(r"-t(\d+)-", root.get("configuration"))[1].zfill(2)
        rules = compile_rules((reference / f"rules/2026.5/PEPPOLBIS-T{code}.sch").read_bytes())
        for number, test in enumerate(root.iter(f"{VALIDATOR}test")):
            expected, *_, document = test.iterchildren(tag=etree.Element)
            failures = process.judge(code, rules.stylesheet, etree.tostring(document))
            fired = {(one.rule, one.flag) for one in failures}
            path = f"{TESTS.partition('/')[2].partition('/')[2]}/{file.parent.name}/{file.name}"
            known = (path, str(number)) in changed
            for wanted in expected.iterchildren(*VERDICTS):
                cases += 1
                right = as_stated(wanted.tag.removeprefix(VALIDATOR), wanted.text.strip(), fired)
                assert right is not known, (file.name, number, wanted.text, fired)
    process.close()
    assert cases > 250


def as_stated(verdict: str, rule: str, fired: set[tuple[str, str]]) -> bool:
    """Tell whether a rule did what a case says of it."""
    if verdict == "success":
        return rule not in {name for name, _ in fired}
    return (rule, "warning" if verdict == "warning" else "fatal") in fired


@needs_saxon
def test_a_broken_rule_is_named_with_its_place(judge, reference):
    content = example(reference).replace(b"<cbc:Percent>18<", b"<cbc:Percent>0<")
    first, second = judge.judge(content, KIND)
    assert (first.code, first.severity) == ("UBL-030", Severity.ERROR)
    assert first.message.startswith("[PEPPOL-T77-R009]")
    assert second.place.path == "CatalogueLine[2]/Item/ClassifiedTaxCategory"


@needs_saxon
def test_a_warning_of_the_rules_stays_one(judge, reference):
    party = b'<cbc:EndpointID schemeID="0106">12</cbc:EndpointID>'
    content = example(reference).replace(
        b'<cbc:EndpointID schemeID="0192">123456785</cbc:EndpointID>', party
    )
    (fault,) = judge.judge(content, KIND)
    assert (fault.code, fault.severity) == ("UBL-031", Severity.WARNING)


def test_what_breaks_the_schema_is_told_before_the_rules_are_asked(official, reference):
    judge = UblJudge(official, RuleProcess(command=("false",)))
    content = example(reference).replace(b"<cbc:ActionCode>false</cbc:ActionCode>", b"<cbc:Oops/>")
    (fault,) = judge.judge(content, KIND)
    assert (fault.code, fault.place.path) == ("XML-020", "Oops")
    assert has_errors(judge.judge(b"<Catalogue", KIND))


@needs_saxon
def test_a_document_that_the_rules_cannot_judge_leaves_with_a_warning(official, reference):
    judge = UblJudge(official, RuleProcess(command=("false",)))
    (fault,) = judge.judge(example(reference), KIND)
    assert (fault.code, fault.severity) == ("UBL-032", Severity.WARNING)
    assert "PEPPOLBIS-T77.sch" in fault.message


@needs_saxon
def test_rules_that_vanished_are_a_warning_too(reference, tmp_path):
    install(reference / "rules/2026.5", tmp_path)
    judge = UblJudge(tmp_path)
    for item in installed(tmp_path):
        (tmp_path / "standards" / item.path).unlink()
    assert [fault.code for fault in judge.judge(example(reference), KIND)] == ["UBL-032"]
    assert judge.lacks(KIND) == ("xsd",)
    judge.close()


def test_a_schema_without_what_it_imports_is_reported(reference, tmp_path):
    install(reference / "xsd/ubl-2.1/maindoc", tmp_path)
    judge = UblJudge(tmp_path)
    assert [fault.code for fault in judge.judge(example(reference), KIND)] == ["XML-030"]


def test_a_workspace_with_nothing_installed_has_nothing_to_say(tmp_path):
    official = load_official(tmp_path)
    assert official.ubl is not None
    assert official.ubl.lacks(KIND) == ("xsd", "rules")
    assert official.ubl.judge(b"<Catalogue/>", KIND) == ()
    official.close()


def test_of_two_editions_the_higher_counts(tmp_path):
    text = (
        '<schema xmlns="http://purl.oclc.org/dsdl/schematron"><title>Rules {0}</title><pattern>'
        '<rule context="*"><assert id="PEPPOL-T77-R001" test="false()">{0}</assert></rule>'
        "</pattern></schema>"
    )
    source = tmp_path / "source"
    source.mkdir()
    for name, version in (("a", "3.10"), ("b", "3.9")):
        (source / f"{name}.sch").write_text(text.format(version))
    install(source, tmp_path)
    judge = UblJudge(tmp_path)
    assert judge.lacks(KIND) in (("xsd",), ("xsd", "saxon"))
    if rules_available():
        assert "3.10" in judge.judge(b"<Catalogue/>", KIND)[0].message
    judge.close()
