"""A guide over a directory changes what is checked, and faults name its line where it ruled."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.faults import Fault, Severity
from edi.edifact.directory import edition
from edi.facts import read_facts
from edi.guides import read_guide
from edi.overlay import Overlaid, overlaid
from edi.rules import EDIFACT, X12
from edi.ruling import bare
from edi.text import Slice
from edi.validation import Validations
from edi.x12.editions import edition as x12_edition
from gateway.partners.marked import read_marked
from tests.edi.tables import FACTS
from tests.reference import reference_folder

EXAMPLES = Path(__file__).parents[2] / "examples" / "guides"
RIGHT = "BGM+220+4711+9'DTM+137:20261121'NAD+BY+1++AB'LIN+1++7:EN'QTY+21:12'UNS+S'"


def over(rules: dict, **more: object) -> Overlaid:
    """Return our own small directory under a guide with these rules of ORDERS."""
    data = {"guide": "Region X", "edition": "T.1", "messages": {"ORDERS": {"rules": rules}}} | more
    guide, wrong = read_guide(data, lambda keys: f"x.yaml:{keys[-1]}")
    assert wrong == ()
    return overlaid(read_facts(FACTS), guide, EDIFACT)


def faults(guided: Overlaid, body: str, name: str = "ORDERS") -> list[Fault]:
    """Return what is wrong with a message under a guide."""
    text = f"UNH+1+{name}:D:96A:UN'{body}UNT+{body.count(chr(39)) + 2}+1'"
    if guided.directory.name == "T.1":
        text = text.replace(":D:96A:UN", "")
    piece = Slice(name, text, text.encode(), EDIFACT.separators, EDIFACT.separators)
    validation = Validations(guided.directory, EDIFACT, guided=guided).get(name)
    assert validation is not None
    return list(validation.read(piece).faults)


def only(found: list[Fault]) -> tuple[str, str | None, str | None]:
    (one,) = found
    return one.code, one.place.path if one.place else None, one.source


def test_a_message_that_keeps_to_the_guide_passes() -> None:
    assert faults(over({"BGM/1225": "required", "SG2/NAD/3207": "required"}), RIGHT) == []


@pytest.mark.parametrize(
    ("rules", "body", "code", "path", "key"),
    [
        ({"BGM/1004": {"longest": "3"}}, RIGHT, "EDIFACT-121", "ORDERS/BGM/1004", "BGM/1004"),
        ({"BGM/1004": {"shortest": "5"}}, RIGHT, "EDIFACT-120", "ORDERS/BGM/1004", "BGM/1004"),
        ({"BGM/1004": {"format": "n..9"}}, RIGHT.replace("4711", "A1"), "EDIFACT-122",
         "ORDERS/BGM/1004", "BGM/1004"),
        ({"BGM/1225": {"only": ["1"]}}, RIGHT, "EDIFACT-126", "ORDERS/BGM/1225", "BGM/1225"),
        ({"BGM/1225": {"remove": ["9"]}}, RIGHT, "EDIFACT-126", "ORDERS/BGM/1225", "BGM/1225"),
        ({"BGM/1225": "forbidden"}, RIGHT, "EDIFACT-112", "ORDERS/BGM/1225", "BGM/1225"),
        ({"SG25/QTY/6411": "required"}, RIGHT, "EDIFACT-111", "ORDERS/SG25[1]/QTY/C186/6411",
         "SG25/QTY/6411"),
        ({"*/QTY/C186/6411": "required"}, RIGHT, "EDIFACT-111", "ORDERS/SG25[1]/QTY/C186/6411",
         "*/QTY/C186/6411"),
        ({"SG25/PIA": "required"}, RIGHT, "EDIFACT-104", "ORDERS/SG25[1]/PIA", "SG25/PIA"),
        ({"SG25/SG30": "required"}, RIGHT, "EDIFACT-105", "ORDERS/SG25[1]/SG30[1]/LOC",
         "SG25/SG30"),
        ({"DTM": {"repeats": "1"}}, RIGHT.replace("DTM+137:20261121'", "DTM+137:20261121'" * 2),
         "EDIFACT-106", "ORDERS/DTM[2]", "DTM"),
        ({"SG2": {"repeats": "1"}}, RIGHT.replace("LIN", "NAD+SU+2'LIN", 1), "EDIFACT-107",
         "ORDERS/SG2/NAD", "SG2"),
        ({"SG25/DTM": "forbidden"}, RIGHT.replace("UNS", "DTM+2:20261121'UNS"), "EDIFACT-103",
         None, "SG25/DTM"),
    ],
)  # fmt: skip
def test_what_a_guide_wants_is_checked_and_its_line_named(
    rules: dict, body: str, code: str, path: str | None, key: str
) -> None:
    guided = over(rules)
    assert guided.wrong == ()
    found = faults(guided, body)
    assert [one.code for one in found] == [code]
    if path is not None:
        assert only(found) == (code, path, f"Region X (x.yaml:{key})")


def test_what_the_edition_ruled_is_not_put_on_the_guide() -> None:
    guided = over({"BGM/1004": {"longest": "9"}})
    (long,) = faults(guided, RIGHT.replace("+9'", "+8'"))
    assert (long.code, long.source) == ("EDIFACT-126", "our own directory T.1")


def test_codes_are_added_wherever_the_element_stands_and_named_where_they_rule() -> None:
    guided = over({}, codes={"3035": {"add": ["ZZ"], "remove": ["BY"]}})
    assert faults(guided, RIGHT.replace("NAD+BY", "NAD+ZZ")) == []
    found = faults(guided, RIGHT)
    assert only(found) == ("EDIFACT-126", "ORDERS/SG2[1]/NAD/3035", "Region X (x.yaml:3035)")


def test_severities_count_by_code_by_message_and_nearest_by_place() -> None:
    wrong = RIGHT.replace("+9'", "+8'").replace("QTY+21", "QTY+99")
    said = {"severities": {"EDIFACT-126": "note"}}
    guided = over(
        {"SG25": {"severity": "warning"}, "SG25/QTY/6063": {"severity": "ignore"}}, **said
    )
    assert [one.severity for one in faults(guided, wrong)] == [Severity.NOTE]
    guided = over({"SG25": {"severity": "warning"}}, **said)
    assert [one.severity for one in faults(guided, wrong)] == [Severity.NOTE, Severity.WARNING]
    guided = over({}, severities={"EDIFACT-126": "ignore"})
    assert faults(guided, wrong) == []


def test_the_second_of_several_alike_is_meant_by_its_number() -> None:
    guided = over({"SG25/PIA/7143[2]": "forbidden"})
    pia = guided.directory.messages["ORDERS"].body[3].body[0].segment
    assert pia is not None
    forbidden = [[part.forbidden for part in use.of.parts] for use in pia.uses[1:]]
    assert forbidden == [[False, False, False, False], [False, True, False, False]]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"BGN/1004": "required"}, "there is no place BGN"),
        ({"BGM/9999": "required"}, "BGM has no element 9999"),
        ({"SG2/PIA": "required"}, "there is no place SG2/PIA"),
        ({"SG2/*/COM": "required"}, "SG2/*/COM is no path"),
        ({"SG2/NAD/3039[3035='BY']": "required"}, "is no path"),
        ({"SG2[3035=BY]": "required"}, "is no path"),
        ({"BGM": "forbidden"}, "BGM is mandatory in T.1"),
        ({"SG25/QTY/6063": "forbidden"}, "is mandatory in T.1"),
        ({"BGM/1004": {"longest": "36"}}, "1004 is 1 to 35 long, which cannot be widened"),
        ({"LON/1082": {"longest": "1"}}, "there is no place LON"),
        ({"NAD[3305='BY']": "required"}, "NAD has no element 3305"),
        ({"NAD[C082='BY']": "required"}, "C082 is a composite: a qualifier is one of its"),
        ({"NAD[3035='BZ']": "required"}, '3035 has no code "BZ"'),
        ({"NAX[3035='BY']": "required"}, "there is no place NAX"),
        ({"NAD[3035='BY']": {"longest": "3"}}, "NAD[3035='BY'] is no element"),
        ({"NAD[3035='BY']": {"repeats": "4"}}, "T.1 allows 3 of NAD only"),
        ({"NAD[3035='BY']/9999": "required"}, "NAD has no element 9999"),
        ({"NAD[3035='BY']/3035": "forbidden"}, "NAD/3035 is mandatory in T.1"),
        ({"NAD[3035='BY']/3207": {"longest": "4"}}, "cannot be widened"),
        ({"NAD[3035='BY']/3035": {"add": ["ZZ"]}}, "codes are added to all segments"),
        ({"SG25/LIN/1082": {"format": "an..6"}}, "1082 is n, not an"),
        ({"BGM/1004": {"add": ["X"]}}, "1004 has no list of codes"),
        ({"BGM/1225": {"remove": ["77"]}}, "1225 has no code 77 to remove"),
        ({"DTM": {"repeats": "36"}}, "T.1 allows 35 of DTM only"),
        ({"DTM": {"longest": "3"}}, "DTM is no element"),
        ({"SG25/QTY/C186": {"longest": "3"}}, "is a composite: say it of its components"),
        ({"BGM/1004": {"repeats": "2"}}, "T.1 allows 1 of BGM/1004 only"),
    ],
)
def test_what_the_directory_cannot_do_is_told(rules: dict, says: str) -> None:
    (wrong,) = over(rules).wrong
    assert says in wrong.what
    assert wrong.keys[-1] == next(iter(rules))


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("NAD[3035='SU']", RIGHT, ("EDIFACT-105", "ORDERS/SG2/NAD", "NAD[3035='SU']")),
        ("SG2[3035='BY']", RIGHT, None),
        ("SG2/NAD[3035='BY']", RIGHT, None),
        ("DTM[2005='2']", RIGHT, ("EDIFACT-104", "ORDERS/DTM", "DTM[2005='2']")),
        ("DTM[2005='137']", RIGHT, None),
        ("LIN/QTY[6063='12']", RIGHT.replace("UNS", "LIN+2'QTY+12:1'UNS"),
         ("EDIFACT-104", "ORDERS/SG25[1]/QTY", "QTY[6063='12']")),
        ("SG2[3035='BY']/LOC[3413='A']", RIGHT, ("EDIFACT-104", "ORDERS/SG2[1]/LOC",
                                                 "LOC[3413='A']")),
        ("SG2[3035='SU']/LOC[3413='A']", RIGHT, None),
        ("SG25[1082='2']/PIA", RIGHT, None),
        ("SG25[1082='1']/PIA", RIGHT, ("EDIFACT-104", "ORDERS/SG25[1]/PIA", "SG25[1082='1']")),
    ],
)  # fmt: skip
def test_what_has_to_be_there_may_be_told_by_a_qualifier(
    path: str, body: str, wrong: tuple[str, str, str] | None
) -> None:
    guided = over({path: "required"})
    assert guided.wrong == ()
    found = faults(guided, body)
    if wrong is None:
        assert found == []
        return
    assert (*only(found)[:2], found[0].expected) == wrong
    assert found[0].source == f"Region X (x.yaml:{path})"


def test_what_is_missing_is_told_behind_the_last_of_its_like() -> None:
    (one,) = faults(over({"NAD[3035='SU']": "required"}), RIGHT)
    assert one.place is not None
    assert (one.place.segment, one.place.excerpt) == (4, "NAD+BY+1++AB")
    (one,) = faults(over({"LIN/DTM[2005='2']": "required"}), RIGHT)
    assert one.place is not None
    assert one.place.segment == 6, "no such segment is in the line, which ends here"


def test_how_often_something_stands_may_be_limited_by_a_qualifier() -> None:
    twice = RIGHT.replace("QTY+21:12'", "QTY+21:12'QTY+12:1'QTY+21:13'")
    (one,) = faults(over({"*/QTY[6063='21']": {"repeats": "1"}}), twice)
    assert (one.code, one.place.path) == ("EDIFACT-106", "ORDERS/SG25[1]/QTY[3]")
    assert (one.found, one.expected) == ("2", "≤ 1 QTY[6063='21']")
    (one,) = faults(over({"LIN/QTY[6063='12']": "forbidden"}), twice)
    assert (one.code, one.place.path) == ("EDIFACT-103", "ORDERS/SG25[1]/QTY[2]")
    assert (one.found, one.hint) == ("QTY[6063='12']", "leave it out")
    (one,) = faults(over({"NAD[3035='BY']": {"repeats": "1"}}), RIGHT.replace("LIN", "NAD+BY'LIN"))
    assert (one.code, one.place.path) == ("EDIFACT-107", "ORDERS/SG2[2]/NAD")


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ({"NAD[3035='BY']/3124": "required"}, "EDIFACT-110"),
        ({"NAD[3035='BY']/3039": {"shortest": "2"}}, "EDIFACT-120"),
        ({"NAD[3035='BY']/3207": "forbidden"}, "EDIFACT-112"),
        ({"NAD[3035='BY']/3055": {"only": ["9"]}, "*/NAD[3035='BY'][1131='X']/3055": "forbidden"},
         None),
        ({"NAD[3035='SU']/3124": "required"}, None),
        ({"DTM[2005='137']/2379": "required"}, "EDIFACT-111"),
        ({"DTM[2005='2']/2379": "required"}, None),
        ({"LIN[C212/7143='EN']/1082": "required"}, "is no path"),
    ],
)  # fmt: skip
def test_elements_may_be_ruled_by_the_qualifier_of_their_segment(
    rule: dict, wrong: str | None
) -> None:
    guided = over(rule)
    if wrong is not None and not wrong.startswith("EDIFACT"):
        assert [wrong in one.what for one in guided.wrong] == [True]
        return
    assert guided.wrong == ()
    found = faults(guided, RIGHT)
    assert [one.code for one in found] == ([] if wrong is None else [wrong])
    assert all(one.source == f"Region X (x.yaml:{next(iter(rule))})" for one in found)


def test_a_severity_may_be_that_of_one_qualifier_only() -> None:
    wrong = RIGHT.replace("QTY+21:12'", "QTY+21:X'QTY+12:X'")
    guided = over({"SG25/QTY[6063='21']/6060": {"severity": "warning"}})
    assert [one.severity for one in faults(guided, wrong)] == [Severity.WARNING, Severity.ERROR]
    guided = over({"SG25/QTY[6063='21']": {"severity": "ignore"}})
    assert [one.place.path for one in faults(guided, wrong)] == ["ORDERS/SG25[1]/QTY[2]/C186/6060"]
    guided = over({"NAD[3035='SU']": {"required": "yes", "severity": "note"}})
    assert [one.severity for one in faults(guided, RIGHT)] == [Severity.NOTE]


def test_what_the_edition_and_a_qualifier_both_forbid_is_told_once_as_the_editions() -> None:
    guided = over({"SG25/QTY[6063='21']/6060": {"longest": "3"}})
    found = faults(guided, RIGHT.replace(":12'", ":1234567890123456'"))
    assert only(found)[::2] == ("EDIFACT-121", "our own directory T.1")
    found = faults(guided, RIGHT.replace(":12'", ":1234'"))
    assert only(found)[::2] == ("EDIFACT-121", "Region X (x.yaml:SG25/QTY[6063='21']/6060)")


def test_another_edition_an_unknown_message_and_an_unused_code_list_are_told() -> None:
    data = {
        "guide": "G",
        "edition": "D.01B",
        "messages": {"ORDER": {}},
        "codes": {"0": {"add": ["1"]}},
    }
    guide, _ = read_guide(data, str)
    found = [one.what for one in overlaid(edition("D.96A"), guide, EDIFACT).wrong]
    assert found == [
        "the guide is made for D.01B, this is D.96A",
        "no element 0 stands in any segment",
        "D.96A has no ORDER",
    ]


PIECES = st.sampled_from(
    ["SG2", "NAD", "*", "/", "[3035='BY']", "[1]", "[", "]", "'", "3039", "C082", "LIN", "01",
     "QTY", "6060", "02-1", "SG25", "$", "å", " "]
)  # fmt: skip
RULES = st.sampled_from(
    ["required", "forbidden", {"repeats": "2"}, {"longest": "3"}, {"only": ["1"]},
     {"severity": "note"}, {"format": "n3"}, {"add": ["9"]}, {"remove": ["9"], "required": "yes"}]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=6).map("".join), RULES)
def test_no_path_and_no_rule_makes_a_guide_raise(path: str, rule: object) -> None:
    guided = over({path: rule}) if path else over({})
    faults(guided, RIGHT)


def test_a_guide_over_x12_names_elements_by_position() -> None:
    data = {"guide": "G", "edition": "004010", "messages": {"850": {"rules": {
        "BEG/02": {"only": ["SA", "NE"]}, "PO1/PO1/02": "required", "PO1/SLN/SLN/05-1": "required",
    }}}}  # fmt: skip
    guide, wrong = read_guide(data, str)
    guided = overlaid(x12_edition("004010"), guide, X12)
    assert (wrong, guided.wrong) == ((), ())
    text = "ST*850*0001~BEG*00*RL*1**20261121~PO1*1~SE*4*0001~"
    piece = Slice("850", text, text.encode(), X12.separators, X12.separators)
    found = Validations(guided.directory, X12, guided=guided).get("850").read(piece).faults
    assert [(one.code, one.place.path) for one in found] == [
        ("X12-126", "850/BEG/02"), ("X12-110", "850/PO1[1]/PO1/02"),
    ]  # fmt: skip


def test_paths_of_faults_lose_their_counts_but_not_the_numbers_of_elements() -> None:
    assert bare("ORDERS/SG25[3]/PIA[2]/C212[2]/7140") == "SG25/PIA/C212[2]/7140"
    assert bare("850/PO1[3]/PO1/05-1") == "PO1/PO1/05-1"
    assert bare("ORDERS") == ""


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_examples_are_in_order(file: Path) -> None:
    marked = read_marked(file.read_bytes(), file.name)
    guide, wrong = read_guide(marked.data, marked.where)
    assert marked.findings == []
    assert wrong == ()
    assert overlaid(edition(guide.edition), guide, EDIFACT).wrong == ()


@pytest.mark.parametrize(
    "name", ["DESADV_D96A_nested_packages_eancom_codes", "SLSRPT_D96A_eancom_codes"]
)
def test_samples_with_codes_of_the_trade_are_right_under_its_guide_only(name: str) -> None:
    marked = read_marked((EXAMPLES / "retail-like.yaml").read_bytes(), "retail-like.yaml")
    guide, _ = read_guide(marked.data, marked.where)
    guided = overlaid(edition("D.96A"), guide, EDIFACT)
    text = (reference_folder("edi") / "own" / f"{name}.edi").read_text("latin-1")
    text = text[text.index("UNH+") : text.index("UNZ+")].replace("\r", "").replace("\n", "")
    message = name.partition("_")[0]
    piece = Slice(message, text, text.encode("latin-1"), EDIFACT.separators, EDIFACT.separators)
    plain = Validations(edition("D.96A"), EDIFACT).get(message)
    ruled = Validations(guided.directory, EDIFACT, guided=guided).get(message)
    assert {one.code for one in plain.read(piece).faults} == {"EDIFACT-126"}
    assert [one.code for one in ruled.read(piece).faults if one.severity is Severity.ERROR] == []
