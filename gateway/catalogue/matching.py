"""Find the sets of products that a question asks for.

Every word must begin a word of the product, or one of its numbers (from `MIN_NUMBER` letters on);
or the whole text without its signs begins one of its numbers: ours, the GTIN, the manufacturer's,
or the customer's own. What begins more than `MAX_NUMBERS` numbers finds the first of them, or as
one of several words none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import sqlalchemy as sa

from gateway.catalogue.asking import Question
from gateway.catalogue.bits import bits_of
from gateway.catalogue.postings import Postings
from gateway.catalogue.ranking import Values, anything, worth
from gateway.catalogue.tables import numbers, part_numbers, products
from gateway.catalogue.terms import (
    AFTER,
    ALL,
    IN_STOCK,
    MAX_BEGINNING,
    NO_TIER,
    OPEN,
    assortment,
    beginning,
    category,
    manufacturer,
    property_value,
    word,
)
from gateway.catalogue.tokens import OUR_NUMBER, compact, terms

MIN_NUMBER: Final = 3
MAX_NUMBERS: Final = 1_000
"""Products that the beginning of a number finds at most."""


@dataclass(slots=True)
class Matches:
    """Hold what a question finds: `scope` is what may be found at all, `bits` what is.

    `words` say what each word is worth to which product.
    """

    scope: int
    words: dict[str, Values]
    exact: int = 0
    complete: bool = True

    @property
    def bits(self) -> int:
        """Return the products to which every word is worth something."""
        found = self.scope
        for values in self.words.values():
            found &= anything(values)
        return found


class Matching:
    """Match questions against the replica as it stands at one moment.

    What was read once for a question is not read again when the same one is asked more slowly.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._scopes: dict[Question, int] = {}
        self._numbers: dict[str, tuple[Values, bool]] = {}
        self.postings = Postings(connection)

    def matches(self, question: Question, *, quick: bool = True) -> Matches:
        """Return what a question finds; words that find nothing are not corrected here.

        When `quick`, the longest word is read first and the others only where something is
        left, so each word is worth something to the products found, but maybe more to others.
        """
        if question not in self._scopes:
            self.postings.everywhere()
            self._scopes[question] = self.scope(question)
        scope = self._scopes[question]
        self.postings.within(scope)
        found = Matches(scope, {})
        wanted = terms(question.text)
        if quick:
            wanted.sort(key=len, reverse=True)
        if not wanted:
            return Matches(0 if question.text.strip() else scope, {})
        whole, found.complete = self._number(compact(question.text))
        whole = _merged(whole, self._buyer_number(question))
        found.exact = whole.get(worth(OUR_NUMBER, whole=True), 0) & scope
        for token in wanted:
            values, complete = self.word(token)
            found.complete &= complete
            if len(wanted) > 1 and len(token) >= MIN_NUMBER:
                by_number, all_of_them = self._number(token)
                values = _merged(values, by_number if all_of_them else {})
            found.words[token] = _merged(values, whole)
            if quick:
                scope &= anything(found.words[token])
                self.postings.within(scope)
        return found

    def scope(self, question: Question) -> int:
        """Return the products that may be found: in the assortment, the category, the filters."""
        filters = question.filters
        asked: list[list[str]] = [[ALL]]
        if question.assortments:
            asked.append([OPEN, *map(assortment, question.assortments)])
        if question.category:
            asked.append([category(question.category)])
        if filters.manufacturers:
            asked.append([*map(manufacturer, filters.manufacturers)])
        if filters.in_stock:
            asked.append([IN_STOCK])
        by_name = sorted(filters.properties)
        for _, pairs in groupby(by_name, key=lambda pair: pair[0]):
            asked.append([property_value(*pair) for pair in pairs])
        if len(asked) > 1:
            asked = asked[1:]  # whoever has any of these terms is there
        sets = self.postings.of(term for either in asked for term in either)
        scope = -1
        for either in asked:
            scope &= _union(sets.get((term, NO_TIER), 0) for term in either)
        return scope

    def word(self, token: str) -> tuple[Values, bool]:
        """Return what a token is worth to whom, and whether those are all."""
        if len(token) > MAX_BEGINNING:
            sets, complete = self.postings.begun_by(word(token))
        else:
            named = self.postings.of([beginning(token), word(token)])
            sets = {(term == word(token), tier): bits for (term, tier), bits in named.items()}
            complete = True
        return {worth(tier, whole=whole): bits for (whole, tier), bits in sets.items()}, complete

    def whole(self, token: str) -> int:
        """Return the products that have a token as a whole word."""
        return _union(self.postings.of([word(token)]).values())

    def _number(self, asked: str) -> tuple[Values, bool]:
        if not asked:
            return {}, True
        if asked not in self._numbers:
            self._numbers[asked] = self._read_number(asked)
        return self._numbers[asked]

    def _read_number(self, asked: str) -> tuple[Values, bool]:
        statement = (
            sa.select(numbers.c.number, numbers.c.product, numbers.c.tier)
            .where(numbers.c.number >= asked, numbers.c.number < asked + AFTER)
            .order_by(numbers.c.number)
            .limit(MAX_NUMBERS + 1)
        )
        rows = self._connection.execute(statement).all()
        members: dict[int, list[int]] = {}
        for number, product, tier in rows[:MAX_NUMBERS]:
            value = worth(tier, whole=number == asked)
            members.setdefault(value, []).append(product)
        return {value: bits_of(ids) for value, ids in members.items()}, len(rows) <= MAX_NUMBERS

    def _buyer_number(self, question: Question) -> Values:
        asked = compact(question.text)
        if not question.customer or not asked:
            return {}
        mine = part_numbers.c
        statement = (
            sa.select(mine.number, products.c.id)
            .join(products, products.c.sku == mine.sku)
            .where(mine.customer == question.customer)
            .where(mine.number >= asked, mine.number < asked + AFTER)
            .order_by(mine.number)
            .limit(MAX_NUMBERS)
        )
        members: dict[int, list[int]] = {}
        for number, product in self._connection.execute(statement):
            value = worth(OUR_NUMBER, whole=number == asked)
            members.setdefault(value, []).append(product)
        return {value: bits_of(ids) for value, ids in members.items()}


def _merged(first: Values, second: Values) -> Values:
    return {value: first.get(value, 0) | second.get(value, 0) for value in {*first, *second}}


def _union(sets: Iterable[int]) -> int:
    found = 0
    for bits in sets:
        found |= bits
    return found
