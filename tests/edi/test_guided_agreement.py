"""Under a guide with qualifiers both ways of checking still say the same of every message.

Messages are made by the tables and broken by seeded chance, as in `test_agreement`; the guides
leave few codes to qualifiers, so that nearly every segment has one that a rule is about. A third
way, looking for texts in the message, says of the simplest guide which messages are right.
"""

import os
import re
from dataclasses import replace
from random import Random

import pytest

from edi.edifact.directory.editions import edition
from edi.explaining.explainer import Explainer
from edi.facts import read_facts
from edi.guides import read_guide
from edi.locating import Locator
from edi.overlay import overlaid
from edi.rules import EDIFACT, X12, Syntax
from edi.schema import Directory
from edi.validation import Validation, Validations
from edi.x12.editions import edition as x12_edition
from tests.edi.making import Breaker, Maker
from tests.edi.tables import FACTS, X12_FACTS, piece

MUTANTS = 1000 if os.environ.get("CI") == "true" else 80

SMALL = {
    "NAD[3035='BY']": "required",
    "NAD[3035='SU']": {"repeats": "1"},
    "SG2[3035='BY']/LOC": "required",
    "SG2[3035='DP']/COM[3148='A']/RFF": "forbidden",
    "DTM[2005='2']/2379": "required",
    "DTM[2005='63']": "forbidden",
    "LIN[7143='EN']/QTY[6063='21']": {"required": "yes", "repeats": "2"},
    "*/QTY[6063='12']/6060": {"longest": "5"},
    "LIN[1082='1']/DTM[2005='137'][2379='102']": "required",
}
ORDERS = {
    "*/NAD/3035": {"only": ["BY", "SU", "DP"]},
    "DTM/2005": {"only": ["137", "2", "63"]},
    "*/RFF/1153": {"only": ["VA", "ON"]},
    "SG25/QTY/6063": {"only": ["21", "12"]},
    "NAD[3035='BY']": "required",
    "SG2[3035='BY']/RFF[1153='VA']": "required",
    "NAD[3035='SU']": {"repeats": "1"},
    "NAD[3035='DP']/3251": "required",
    "DTM[2005='2']/2380": {"required": "yes", "format": "n8"},
    "DTM[2005='63']": "forbidden",
    "SG25/QTY[6063='21']": {"required": "yes", "repeats": "1"},
    "SG25/QTY[6063='12']/6411": "forbidden",
}
_LIN = re.compile("'LIN(?=[+'])")  # one without a value is a line, too
LOOSE = {
    "*/NAD/3035": {"only": ["BY", "SU", "DP"]},
    "*/QTY/6063": {"only": ["21", "12"]},
    "NAD[3035='BY']": "required",
    "NAD[3035='SU']": {"repeats": "1"},
    "LIN/QTY[6063='12']/6411": "forbidden",
}
PURCHASES = {
    "BEG/01": {"only": ["00"]},
    "N1/N1/01": {"only": ["BY", "ST"]},
    "N1[01='BY']": "required",
    "N1/N1[01='ST']": {"repeats": "1"},
    "N1[01='BY']/04": "required",
    "N1[01='ST']/N3": "required",
    "DTM/01": {"only": ["002", "010"]},
    "DTM[01='002']/02": "required",
}
GUIDES = {
    "small": (lambda: read_facts(FACTS), EDIFACT, "ORDERS", SMALL),
    "ORDERS": (lambda: edition("D.96A"), EDIFACT, "ORDERS", ORDERS),
    "ORDERS, loosely": (lambda: edition("D.96A"), EDIFACT, "ORDERS", LOOSE),
    "850": (lambda: x12_edition("004010"), X12, "850", PURCHASES),
    "small 850": (lambda: read_facts(X12_FACTS), X12, "850",
                  {"PO1[04='UP']/CTT": "required", "PO1[04='VP']/01": "required"}),
}  # fmt: skip


def guided(directory: Directory, syntax: Syntax, message: str, rules: dict) -> Validation:
    data = {"guide": "G", "edition": directory.name, "messages": {message: {"rules": rules}}}
    guide, wrong = read_guide(data, str)
    over = overlaid(directory, guide, syntax)
    assert (wrong, over.wrong) == ((), ())
    made = Validations(directory, syntax, guided=over).get(message)
    assert made is not None
    return made


def agree(validation: Validation, text: str) -> bool:
    """Return whether a message is right, after both ways have said the same of it."""
    one = piece(text, validation.rules)
    explainer = Explainer(validation.rules, validation.plan)
    explainer.look(one.rows(), Locator(one))
    read = validation.read(one)
    assert read.faults == explainer.faults, text
    long = validation.long()
    long.look(one, one.rows())
    assert long.faults == explainer.faults, "a message in slices is told otherwise"
    rows = one.rows()
    letters = validation.check.accepted(text, rows)
    if letters is None:
        assert read.faults, text
    else:
        fast = validation.demanded.content(validation._shaper.shape(rows, letters))
        assert fast is not bool(read.faults), text
    return not read.faults


@pytest.mark.parametrize("name", GUIDES)
def test_both_say_the_same_of_every_mutant(name):
    directory, syntax, message, rules = GUIDES[name]
    validation = guided(directory(), syntax, message, rules)
    assert validation.rules.table.demands
    maker = Maker(validation.rules, seed=96, filling=0.5)
    breaker = Breaker(validation.rules, seed=1)
    plain = Validations(directory(), syntax).get(message)
    assert plain is not None
    right = by_guide = 0
    for _ in range(MUTANTS):
        text = maker.message()
        told = agree(validation, text)
        by_guide += not told and not plain.read(piece(text, plain.rules)).faults
        right += told + agree(validation, breaker.mutant(text))
    assert by_guide > MUTANTS // 20, "hardly a message is wrong by the guide alone"
    assert right, "no message is right"


@pytest.mark.parametrize("name", ["small", "ORDERS"])
def test_a_message_in_slices_is_followed_from_one_to_the_next(name):
    directory, syntax, message, rules = GUIDES[name]
    validation = guided(directory(), syntax, message, rules)
    maker, chance = Maker(validation.rules, seed=5, filling=0.5), Random(5)
    told = 0
    for _ in range(MUTANTS // 2):
        text = maker.message()
        whole = piece(text, validation.rules)
        end = syntax.separators.terminator
        cut = text.index(end, chance.randrange(len(text) // 2)) + 1
        first = replace(whole, text=text[:cut], raw=text[:cut].encode(), last=False)
        rest = replace(
            whole,
            text=text[cut:],
            raw=text[cut:].encode(),
            offset=len(text[:cut].encode()),
            first=False,
            segment=text[:cut].count(end) + 1,
        )
        long = validation.long()
        for part in (first, rest):
            long.look(part, part.rows())
        found = validation.read(whole).faults
        assert list(map(_seen, long.faults)) == list(map(_seen, found)), text
        told += len(found)
    assert told


def _seen(fault):
    return fault.code, fault.source, fault.place.path, fault.place.segment, fault.found


def test_what_both_say_is_so():
    validation = guided(edition("D.96A"), EDIFACT, "ORDERS", LOOSE)
    maker = Maker(validation.rules, seed=7, filling=0.4)
    seen = set()
    for _ in range(MUTANTS):
        text = maker.message()
        head = _LIN.split(text)[0]
        units = re.findall(r"'QTY\+12:[^:'+]*:[^:'+]", _lines_only(text))
        right = "'NAD+BY" in head and head.count("'NAD+SU") <= 1 and not units
        seen.add(right)
        assert agree(validation, text) is right, text
    assert seen == {True, False}


def _lines_only(text):
    """Return the quantities that stand right in their lines: before any other group of the line."""
    lines = [part.partition("'UNS+")[0] for part in _LIN.split(text)[1:]]
    table = edition("D.96A").messages["ORDERS"].body
    (line,) = [entry for entry in table if entry.tag == "LIN"]
    others = "|".join(sorted({entry.tag for entry in line.body if entry.group is not None}))
    return "".join(re.split(f"'(?:{others})[+']", f"'LIN{one}'")[0] + "'" for one in lines)
