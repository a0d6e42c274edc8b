"""Every text that a buyer can read is marked, and said in every language with all its values."""

import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import nodes

from gateway.web.shop.gathering import gathered, lacks, sources, updated
from gateway.web.shop.languages import LANGUAGES, SOURCE, po_file

OTHERS = [code for code in LANGUAGES if code != SOURCE]
TEMPLATES = [path for path in sources() if path.suffix == ".html"]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
SPOKEN = ("alt", "title", "placeholder", "aria-label", "label")
HOLE = "\x00"


def forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (str(text),)


def messages(code: str) -> list[Message]:
    with po_file(code).open("rb") as source:
        return [message for message in read_po(source, locale=code) if message.id]


@pytest.mark.parametrize("code", OTHERS)
def test_the_file_of_a_language_holds_exactly_the_texts_of_the_pages(code: str) -> None:
    held = {(message.id, message.context) for message in messages(code)}
    wanted = {(message.id, message.context) for message in gathered() if message.id}
    assert held == wanted, "run `python -m gateway.web.shop.gathering` and translate"
    assert len(wanted) > 150


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str) -> None:
    assert [message.id for message in updated(code) if message.id and lacks(message)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_takes_the_same_values_as_its_text(code: str) -> None:
    for message in messages(code):
        wanted = {frozenset(PLACEHOLDER.findall(form)) for form in forms(message.id)}
        for form in forms(message.string):
            assert frozenset(PLACEHOLDER.findall(form)) in wanted, form
            assert not re.search(r"[<>]", form), "markup belongs in the template"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_ends_as_its_text_does(code: str) -> None:
    for message in messages(code):
        for original, form in zip(forms(message.id), forms(message.string), strict=False):
            assert original.endswith(".") <= form.endswith("."), form
            assert form == form.strip()


class Texts(HTMLParser):
    """Collect what a person would read of a page, values left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.found += data.split(HOLE)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SPOKEN:
                self.found += (value or "").split(HOLE)


def unmarked(template: str) -> list[str]:
    """Return texts of a template that no translator gets to see."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    tree = environment.parse(template)
    pieces = (
        node.data if isinstance(node, nodes.TemplateData) else HOLE
        for output in tree.find_all(nodes.Output)
        for node in output.nodes
    )
    read = Texts("".join(pieces)).found
    chosen = [
        branch.value
        for choice in tree.find_all(nodes.CondExpr)
        for branch in (choice.expr1, choice.expr2)
        if isinstance(branch, nodes.Const) and isinstance(branch.value, str)
    ]
    read += [text for text in chosen if re.search(r"[A-Z]\w|\w \w", text)]
    return [text.strip() for text in read if any(map(is_word, re.findall(r"[^\W\d_]+", text)))]


def is_word(letters: str) -> bool:
    """Tell words from numbers of products and names that stand in capitals in every language."""
    return len(letters) > 1 and not letters.isupper()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_text_of_a_template_is_unmarked(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


def test_unmarked_texts_are_found_where_people_read_them() -> None:
    assert unmarked("<p>Hello {{ name }}</p>") == ["Hello"]
    assert unmarked('<img alt="A chair">') == ["A chair"]
    assert unmarked('<b>{{ "Yes please" if asked else "" }}</b>') == ["Yes please"]
    assert unmarked('<p class="note">{{ _("Hello %(name)s", name=name) }} · GTIN 1</p>') == []
    assert unmarked("{% trans %}Hello{% endtrans %}") == []
