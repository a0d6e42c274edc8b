"""Weigh faults as a partner's profile says: what is an error for one is a note for another."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault, Severity

IGNORED: Final = "ignore"

Severities = Mapping[str, Severity | None]
"""What becomes of faults by their codes; None: nothing is said of them."""


def severities_of(words: Mapping[str, str]) -> Severities:
    """Return the words of a profile (`error`, `warning`, `note`, `ignore`) as severities.

    Raises ValueError for another word: profiles are checked before they come here.
    """
    return MappingProxyType(
        {code: None if word == IGNORED else Severity(word) for code, word in words.items()}
    )


def weighed(found: Iterable[Fault], severities: Severities) -> Iterator[Fault]:
    """Give faults with the severities that count here, without those that are ignored."""
    for one in found:
        severity = severities.get(one.code, one.severity)
        if severity is not None:
            yield one if severity is one.severity else replace(one, severity=severity)


def hardened(one: Fault) -> Fault:
    """Return a fault as an error, whatever it was."""
    return one if one.severity is Severity.ERROR else replace(one, severity=Severity.ERROR)
