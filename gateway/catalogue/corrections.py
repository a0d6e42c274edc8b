"""Take a mistyped word for one that finds something, where a question found nothing.

Only what the asker may see decides: a word is corrected when it finds nothing of that, and
only to a word that does, together with the question's other words.
"""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from gateway.catalogue.asking import Correction
from gateway.catalogue.matching import Matches, Matching
from gateway.catalogue.ranking import anything
from gateway.catalogue.spelling import asked_keys, distance, mistakes_in
from gateway.catalogue.tables import spellings
from gateway.store.among import among

TRIED: Final = 8
"""Words that may be meant, at most."""


def corrected(
    connection: sa.Connection, matching: Matching, matches: Matches
) -> tuple[Matches, tuple[Correction, ...]]:
    """Return what is found with mistyped words taken for others, and for which."""
    wrong = [
        token
        for token, values in matches.words.items()
        if not anything(values) & matches.scope and mistakes_in(token)
    ]
    scope = matches.scope
    matching.postings.within(scope)
    for token, values in matches.words.items():
        if token not in wrong:
            scope &= anything(values)
    words, corrections = dict(matches.words), []
    for token in wrong:
        better = _best(matching, _meant(connection, token), scope) if scope else None
        if better is None:
            return matches, ()
        words[token], _ = matching.word(better)
        scope &= anything(words[token])
        corrections.append(Correction(token, better))
    if not corrections:
        return matches, ()
    found = Matches(matches.scope, words, complete=matches.complete)
    return found, tuple(corrections)


def _meant(connection: sa.Connection, token: str) -> list[tuple[int, str]]:
    """Return the words that `token` may mean with how many letters are wrong, fewest first."""
    most = mistakes_in(token)
    statement = sa.select(spellings.c.word).where(
        among(connection, spellings.c.key, sorted(asked_keys(token)))
    )
    words = set(connection.execute(statement).scalars())
    near = ((distance(token, word, most), word) for word in words)
    return sorted(one for one in near if one[0] <= most)


def _best(matching: Matching, meant: Iterable[tuple[int, str]], scope: int) -> str | None:
    """Return the nearest word, of equally near ones the one that most of `scope` have."""
    best: str | None = None
    most, nearest = 0, None
    for tried, (wrong, word) in enumerate(meant):
        if tried == TRIED or (best is not None and wrong != nearest):
            break
        count = (matching.whole(word) & scope).bit_count()
        if count > most:
            best, most, nearest = word, count, wrong
    return best
