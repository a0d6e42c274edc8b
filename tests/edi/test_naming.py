"""What is said of a fault in English is said in Swedish with the same words as at once."""

from itertools import product

import pytest

from edi.edifact.directory.names import names as edifact_names
from edi.naming import Retelling
from edi.x12.names import names as x12_names


@pytest.mark.parametrize("names", [edifact_names, x12_names])
def test_every_subject_is_retold_in_the_words_it_would_have_had(names):
    english, swedish = names("en"), names("sv")
    retold = Retelling(english, swedish)
    rows = [key.split("+") for key in english.known if key[:2].isalpha() or "+" in key]
    elements = ["", *(key for key in english.known if "+" not in key and not key.isalpha())]
    plain = set(english.known.values())
    for row, element in product(rows, elements):
        said = english.subject(row, element)
        if said is None or said in plain:
            continue  # a name by itself, such as "rate of tax"
        assert retold(f"{said} of line 3") == swedish.subject(row, element, 3)
    assert all(retold(text) == swedish.known[key] for key, text in english.known.items())


def test_what_has_no_name_in_the_other_language_stays():
    retold = Retelling(edifact_names("en"), edifact_names("sv"))
    assert retold("gizmo of line 2") == "gizmo på rad 2"
    assert retold("gizmo of the buyer") == "gizmo of the buyer"
