"""Search a list of products word by word, as the rules say it and without any index."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from canonical.product import Product
from gateway.catalogue.asking import Choice, Facet, PropertyFacet, Question
from gateway.catalogue.tokens import OUR_NUMBER, compact, folded, own_numbers, terms, weighted


@dataclass(frozen=True)
class Shop:
    products: Sequence[Product]
    available: frozenset[str] = frozenset()
    part_numbers: Mapping[tuple[str, str], str] | None = None

    def visible(self, question: Question) -> list[Product]:
        return [one for one in self.products if self._visible(one, question)]

    def _visible(self, one: Product, question: Question) -> bool:
        filters = question.filters
        wanted: dict[str, set[str]] = {}
        for name, value in filters.properties:
            wanted.setdefault(name, set()).add(value)
        held = {(each.name, each.value) for each in one.properties}
        open_to_all = not one.assortments or not question.assortments
        return (
            (open_to_all or bool({*one.assortments} & {*question.assortments}))
            and one.category[: len(question.category)] == question.category
            and (not filters.manufacturers or one.manufacturer in filters.manufacturers)
            and (not filters.in_stock or one.sku in self.available)
            and all(
                any((name, value) in held for value in values) for name, values in wanted.items()
            )
        )

    def found(self, question: Question) -> list[Product]:
        """Return everything that a question finds, best first."""
        visible = self.visible(question)
        wanted = terms(question.text)
        if not wanted:
            return [] if question.text.strip() else sorted(visible, key=_by_name)
        scored = [(self._score(one, question, wanted), one) for one in visible]
        scored = [(score, one) for score, one in scored if score is not None]
        return [one for _, one in sorted(scored, key=lambda pair: (pair[0], _by_name(pair[1])))]

    def _score(
        self, one: Product, question: Question, wanted: Sequence[str]
    ) -> tuple[bool, int] | None:
        whole = compact(question.text)
        numbers = own_numbers(one)
        mine = {
            compact(number): OUR_NUMBER
            for (customer, number), sku in (self.part_numbers or {}).items()
            if customer == question.customer and sku == one.sku
        }
        called = [*numbers.items(), *mine.items()]
        by_whole = [_worth(whole, token, tier) for token, tier in called]
        worths = []
        for term in wanted:
            values = [*by_whole, *(_worth(term, *word) for word in weighted(one).items())]
            if len(wanted) > 1 and len(term) >= 3:
                values += [_worth(term, *number) for number in numbers.items()]
            worths.append(max(values, default=0))
        if not all(worths):
            return None
        exact = any(token == whole and tier == OUR_NUMBER for token, tier in called)
        return (not exact, -sum(worths))


def _worth(term: str, token: str, tier: int) -> int:
    return 2 * tier + (term == token) if token.startswith(term) else 0


def _by_name(one: Product) -> tuple[str, str]:
    return folded(one.name), one.sku


def categories_of(found: Sequence[Product], below: tuple[str, ...]) -> tuple[Facet, ...]:
    depth = len(below) + 1
    paths = (one.category[:depth] for one in found if len(one.category) >= depth)
    counts = Counter(path for path in paths if path[: len(below)] == below)
    return tuple(Facet(path, counts[path]) for path in sorted(counts))


def choices_of(found: Sequence[Product], value: Callable[[Product], str | None]) -> list[Choice]:
    counts = Counter(name for name in map(value, found) if name)
    return [Choice(*one) for one in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def properties_of(found: Sequence[Product]) -> dict[str, PropertyFacet]:
    pairs = Counter(
        pair for one in found for pair in {(each.name, each.value) for each in one.properties}
    )
    names = {name for name, _ in pairs}
    return {
        name: PropertyFacet(
            name,
            tuple(
                Choice(value, count)
                for (held, value), count in sorted(
                    pairs.items(), key=lambda pair: (-pair[1], pair[0][1])
                )
                if held == name
            ),
        )
        for name in names
    }
