"""Know the languages of the shop: which there are, which one answers a request, and its words.

Texts stand in English in templates and tables; `locale/<code>/LC_MESSAGES/shop.po` holds them in
the other languages and is compiled when a language is first spoken, so that neither a checkout nor
a wheel needs a step by hand. See docs/adr/0140-the-shop-speaks-by-po-files.md.
"""

import gettext
import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import flask
import jinja2
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER: Final = Path(__file__).parent / "locale"
SOURCE: Final = "en"
"""Language that texts are written in, and that the shop falls back to."""


@dataclass(frozen=True, slots=True)
class Known:
    """Describe one language: how it calls itself, whose customs it follows, its other codes.

    `aliases` are the one-letter keys that SAP sends (`V` is Swedish and `S` Spanish there), the
    codes of ISO 639-2 and codes that mean the same people.
    """

    name: str
    locale: str
    aliases: tuple[str, ...]


LANGUAGES: Final = {
    "sv": Known("Svenska", "sv_SE", ("v", "swe")),
    "en": Known("English", "en_GB", ("e", "eng")),
    "nl": Known("Nederlands", "nl_NL", ("n", "nld", "dut")),
    "de": Known("Deutsch", "de_DE", ("d", "deu", "ger")),
    "fi": Known("Suomi", "fi_FI", ("u", "fin")),
    "da": Known("Dansk", "da_DK", ("k", "dan")),
    "nb": Known("Norsk bokmål", "nb_NO", ("o", "no", "nn", "nob", "nno", "nor")),
}
_CODES: Final = {
    alias: code for code, known in LANGUAGES.items() for alias in (code, *known.aliases)
}


@dataclass(frozen=True, slots=True)
class Language:
    """Speak one language: its words, and through `locale` its numbers and dates."""

    code: str
    name: str
    locale: Locale
    words: gettext.NullTranslations

    def gettext(self, text: str) -> str:
        """Return a text in this language; one that is not known stays English."""
        return self.words.gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form of a text that goes with a number."""
        return self.words.ngettext(one, many, count)

    def pgettext(self, context: str, text: str) -> str:
        """Return a text as it is said in a context."""
        return self.words.pgettext(context, text)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """Return the form of a text in a context that goes with a number."""
        return self.words.npgettext(context, one, many, count)


@cache
def language(code: str) -> Language:
    """Return one of the shop's languages by its own code."""
    known = LANGUAGES[code]
    return Language(code, known.name, Locale.parse(known.locale), _words(code))


def code_of(wanted: str | None) -> str | None:
    """Return the code of the language that a buyer's system names, if the shop speaks it.

    Taken are `sv`, `sv-SE`, `sv_SE`, `SWE` and SAP's `V`; the country is not looked at.
    """
    parts = re.split(r"[-_]", (wanted or "").strip().lower(), maxsplit=1)
    return _CODES.get(parts[0])


def speak(*wanted: str | None) -> Language:
    """Answer this request in the first of `wanted` that the shop speaks, else as the browser likes.

    What the browser asks for comes last: in a frame of a procurement system it is often the
    language of the machine and not of the person.
    """
    asked = (*wanted, *(tag for tag, _ in flask.request.accept_languages))
    codes = (code_of(one) for one in asked)
    flask.g.language = language(next((one for one in codes if one), SOURCE))
    return spoken()


def spoken() -> Language:
    """Return the language that this request is answered in."""
    chosen = flask.g.get("language") if flask.has_app_context() else None
    return chosen if isinstance(chosen, Language) else language(SOURCE)


def install(environment: jinja2.Environment) -> None:
    """Give templates `_`, `ngettext`, `pgettext`, `npgettext` and `trans` blocks."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        lambda text: spoken().gettext(text),
        lambda one, many, count: spoken().ngettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: spoken().pgettext(context, text),
        npgettext=lambda context, one, many, count: spoken().npgettext(context, one, many, count),
    )


def _words(code: str) -> gettext.NullTranslations:
    if code == SOURCE:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with po_file(code).open("rb") as source:
        write_mo(compiled, read_po(source, locale=code, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def po_file(code: str) -> Path:
    """Return where a language's texts stand."""
    return FOLDER / code / "LC_MESSAGES" / "shop.po"
