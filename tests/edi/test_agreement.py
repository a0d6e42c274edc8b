"""The fast check accepts exactly those messages in which the slow explanation finds nothing.

Messages of every shipped table are made and broken by seeded chance: 2,000 in a default run, more
than 10,000 where CI=true. What is made right must be accepted, so that agreement is not had by
refusing everything.
"""

import os

import pytest

from edi.edifact.directory.editions import edition
from edi.explaining.explainer import Explainer
from edi.locating import Locator
from edi.rules import EDIFACT, X12, Rules
from edi.schema import Directory
from edi.validation import Validation
from edi.x12.editions import edition as x12_edition
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
