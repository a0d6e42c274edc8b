"""The fast check accepts exactly those messages in which the slow explanation finds nothing.

Messages of every shipped table are made and broken by seeded chance: 2,000 in a default run, more
than 10,000 where CI=true. What is made right must be accepted, so that agreement is not had by
refusing everything.
"""

import os
import re
from collections import Counter
from itertools import takewhile
from random import Random

import pytest

from edi.edifact.directory.editions import edition
from edi.explaining.explainer import Explainer
from edi.locating import Locator
from edi.rules import EDIFACT, X12, Rules
from edi.schema import Directory
from edi.validation import Validation
from edi.x12.editions import edition as x12_edition
from tests.edi.edifact.directory import un
from tests.edi.making import Breaker, Maker
from tests.edi.tables import FACTS, X12_FACTS, piece, rules

EDITIONS = {
    "004010": lambda: x12_edition("004010"),
    "005010": lambda: x12_edition("005010"),
    "D.96A": lambda: edition("D.96A"),
    "D.01B": lambda: edition("D.01B"),
    "D.01B of syntax 4": lambda: edition("D.01B", 4),
}
MESSAGES = [(name, message) for name, of in EDITIONS.items() for message in sorted(of().messages)]
MUTANTS = 200 if os.environ.get("CI") == "true" else 40
"""Times 58 messages: 11,600 in CI."""


def of(directory: Directory, message: str) -> Validation:
    syntax = EDIFACT if "UNH" in directory.service else X12
    return Validation(Rules(directory.messages[message], directory, syntax))


def explained(validation: Validation, text: str):
    explainer = Explainer(validation.rules, validation.plan)
    one = piece(text, validation.rules)
    explainer.look(one.rows(), Locator(one))
    return explainer.faults


def agree(validation: Validation, text: str) -> bool:
    """Return whether a message is right, after both ways have said the same of it."""
    fast = validation.check.accepts(text, piece(text, validation.rules).rows())
    faults = explained(validation, text)
    assert fast is (not faults), f"fast: {fast}, slow: {faults[:3]}\n{text}"
    read = validation.read(piece(text, validation.rules)).faults
    assert read == faults, "what is looked at only where the fast check doubts is told otherwise"
    return fast


def mutants(validation: Validation, count: int) -> int:
    """Let both ways judge messages and mutants of them; return how many mutants were right."""
    maker, breaker = Maker(validation.rules, seed=96), Breaker(validation.rules, seed=1)
    right = 0
    text = ""
    for number in range(count):
        if number % 10 == 0:
            text = maker.message()
            assert agree(validation, text), f"a message made by its table is not right: {text}"
        right += agree(validation, breaker.mutant(text))
    return right


@pytest.mark.parametrize(("name", "message"), MESSAGES)
def test_both_say_the_same_of_every_mutant(name, message):
    right = mutants(of(EDITIONS[name](), message), MUTANTS)
    assert right < MUTANTS * 0.9, "the breaker breaks too little to prove anything"


@pytest.mark.parametrize("facts", [FACTS, X12_FACTS])
def test_both_say_the_same_of_a_table_with_one_of_everything(facts):
    assert mutants(Validation(rules(facts=facts)), 10 * MUTANTS) < 9 * MUTANTS


@pytest.mark.parametrize("code", ["EDIFACT-116", "EDIFACT-126"])
def test_both_ignore_what_a_partner_may_do(code):
    right = mutants(Validation(rules({code: None})), 10 * MUTANTS)
    assert right > mutants(Validation(rules()), 10 * MUTANTS)


def test_a_message_and_its_mutants_are_the_same_every_time():
    def made() -> list[str]:
        maker, breaker = Maker(rules(), seed=7), Breaker(rules(), seed=7)
        texts = [maker.message() for _ in range(5)]
        return texts + [breaker.mutant(text) for text in texts]

    assert made() == made()


# The order of segments, judged a third time by a plain pattern over the UN's own drawing.


def drawn(rows: list[tuple[int, str, bool, int]]) -> str:
    """Return a pattern over tags, a blank behind each, made of the rows of a segment table."""
    pattern, rest = "", rows
    while rest:
        (depth, name, mandatory, repeats), *rest = rest
        atom = f"{name} "
        if name.isdigit():
            inside = list(takewhile(lambda row: not ends(row, depth), rest))  # noqa: B023
            atom, rest = drawn(inside), rest[len(inside) :]
        most = repeats if repeats < ENDLESS else ""
        pattern += f"(?:{atom}){{{int(mandatory)},{most}}}"
    return pattern


def ends(row: tuple[int, str, bool, int], depth: int) -> bool:
    """Tell whether a row ends the group that was opened at a depth."""
    return row[0] < depth or (row[0] == depth and row[1].isdigit())


ENDLESS = 1_000
"""More than any sequence here repeats anything."""


@pytest.mark.parametrize("name", ["d96a", "d01b"])
def test_the_order_of_segments_is_judged_as_the_text_of_the_un_is_drawn(name):
    files = un.members(name)
    directory = edition(f"D.{name[1:].upper()}")
    random, judged = Random(7), Counter()
    for message, table in directory.messages.items():
        texts = un.texts(files, rf"{message}_[DS]\.\d\d[AB]")
        if not texts:  # a service message is no part of the directory
            continue
        pattern = re.compile(drawn(un.drawn_rows(texts[0])))
        one = Validation(Rules(table, directory, EDIFACT))
        maker = Maker(one.rules, seed=11)
        for _ in range(MUTANTS):
            tags = [row[0] for row in piece(maker.message(), one.rules).rows()][:LONGEST]
            inner = shuffled(random, [tag for tag in tags if tag not in {"UNH", "UNT"}])
            every = ["UNH", *inner, "UNT"]
            right = pattern.fullmatch("".join(f"{tag} " for tag in every)) is not None
            explainer = Explainer(one.rules, one.plan)
            text = "".join(f"{tag}'" for tag in every)
            explainer.look(
                [[tag] for tag in every], Locator(piece(text, one.rules)), elements=False
            )
            assert right is (not explainer.faults), (message, every, explainer.faults[:2])
            judged[right] += 1
    assert min(judged.values()) > MUTANTS, "both kinds were judged"


LONGEST = 120


def shuffled(random: Random, tags: list[str]) -> list[str]:
    """Return tags with up to two of them dropped, doubled or moved."""
    for _ in range(random.choice([0, 1, 1, 2])):
        at, to = random.randrange(len(tags)), random.randrange(len(tags))
        how = random.choice(["drop", "double", "move"])
        tag = tags[at]
        if how != "double":
            del tags[at]
        if how != "drop" or not tags:
            tags.insert(to, tag)
    return tags
