"""Hidden fields hold exactly what goes home, whatever is in it."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from gateway.web.shop.hidden import hidden

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("<>&\"'\x1f"))
UNKNOWN_TO_XML = {"\x1f", "\ufffe", "\uffff"}


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_every_name_and_value_stands_in_its_own_input(fields: list[tuple[str, str]]) -> None:
    clean = [
        (name, value) for name, value in fields if not UNKNOWN_TO_XML & {*name, *value}
    ]  # the parser drops them: what the browser does is tested with the others
    shown = html.fragments_fromstring(str(hidden(clean)))
    assert [(one.get("name"), one.get("value")) for one in shown] == clean
    assert {one.get("type") for one in shown} <= {"hidden"}


def test_a_field_that_holds_what_parts_them_stays_whole() -> None:
    assert str(hidden([("a\x1fb", "<"), ("c", "d")])) == (
        '<input type="hidden" name="a\x1fb" value="&lt;"><input type="hidden" name="c" value="d">'
    )
    assert str(hidden([])) == ""
