"""Tell segments by their qualifiers: `NAD[3035='BY']`."""

from collections.abc import Callable, Sequence

from canonical.rows import Row
from edi.schema import Qualifier
from edi.text import Separators


def matching(qualifiers: Sequence[Qualifier], separators: Separators) -> Callable[[Row], bool]:
    """Return what tells whether a segment has all these qualifiers; any has none of none.

    Of an element that is repeated the first one counts.
    """
    tests = [_test(one, separators) for one in qualifiers]
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) for test in tests)


def _test(qualifier: Qualifier, separators: Separators) -> Callable[[Row], bool]:
    at, value = qualifier.element, qualifier.value
    part = qualifier.component or 0
    repetition, component = separators.repetition, separators.component

    def test(row: Row) -> bool:
        if len(row) <= at:
            return False
        text = row[at]
        if text == value:
            return part == 0
        if repetition is not None:
            text = text.partition(repetition)[0]
        parts = text.split(component)
        return len(parts) > part and parts[part] == value

    return test
