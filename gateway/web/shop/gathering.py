"""Gather the texts that a buyer can read, and bring the translators' files up to them.

Sources are the templates and modules of the shop and of its neighbours for other punchout faces,
the names of units and of fields, and what a buyer is told of faults.
`python -m gateway.web.shop.gathering` rewrites `locale/*/LC_MESSAGES/shop.po`: new texts come in
without translation, gone ones go.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from gateway.partners.keeping import EFFECTS
from gateway.punchout.faults import FAULTS
from gateway.web.shop.languages import LANGUAGES, SOURCE, po_file
from gateway.web.shop.present import COUNTED, FIELDS, FOR_BUYERS, FOR_OPERATORS, UNITS

WEB: Final = Path(__file__).parents[1]
FOLDERS: Final = ("shop", "faces")
"""Folders below `gateway/web` whose pages buyers see."""
METHODS: Final = {".html": "jinja2.ext:babel_extract", ".py": "python"}
OPTIONS: Final = {"trimmed": "true", "silent": "false"}
UNIT: Final = "unit"
FIELD: Final = "field"
WIDTH: Final = 100

HEAD: Final = (
    "# Texts of the shop; `python -m gateway.web.shop.gathering` brings them up to its pages."
)
_UNKNOWN: Final = re.compile(
    rb'^"(?:Project-Id|Report|POT-Creation|PO-Revision|Last-Tr|Language-Team|Generated).*\n',
    re.MULTILINE,
)
"""What a file's head says of people and times: ours would only make every update a change."""

Text = str | tuple[str, str]


def texts() -> Iterator[tuple[Text, str | None, str]]:
    """Return each text (with its plural where it has one), its context, and where it stands."""
    for path in sources():
        with path.open("rb") as source:
            found = extract(METHODS[path.suffix], source, options=OPTIONS)
            for _, text, _, context in found:
                yield _text(text), context, path.relative_to(WEB).as_posix()
    for pair in UNITS.values():
        yield pair, UNIT, "shop/present.py"
    yield from ((name, FIELD, "shop/present.py") for name in FIELDS.values())
    for pair in COUNTED:
        yield pair, None, "shop/present.py"
    yield from ((effect, None, "partners/keeping.py") for effect in EFFECTS.values() if effect)
    for kind in FAULTS:
        if kind.code not in FOR_OPERATORS:
            yield kind.title, None, "punchout/faults.py"
        if kind.hint and kind.code in FOR_BUYERS:
            yield kind.hint, None, "punchout/faults.py"


def sources() -> Iterator[Path]:
    """Return the files that hold texts."""
    for folder in FOLDERS:
        for path in sorted((WEB / folder).rglob("*")):
            if path.suffix in METHODS:
                yield path


def gathered() -> Catalog:
    """Return all texts, without translation."""
    catalogue = Catalog()
    for text, context, place in texts():
        catalogue.add(text, locations=[(place, 0)], context=context)
    return catalogue


def updated(code: str) -> Catalog:
    """Return a language's catalogue with exactly the texts of today."""
    old = Catalog(locale=code)
    if po_file(code).is_file():
        with po_file(code).open("rb") as source:
            old = read_po(source, locale=code)
    new = Catalog(locale=code, header_comment=HEAD, fuzzy=False)
    for message in gathered():
        if message.id:
            known = old.get(message.id, context=message.context)
            translated = None if known is None else known.string
            new.add(message.id, translated, message.locations, context=message.context)
    return new


def main() -> None:
    """Rewrite the files of all languages and say what each still lacks."""
    for code in LANGUAGES:
        if code == SOURCE:
            continue
        catalogue = updated(code)
        po_file(code).parent.mkdir(parents=True, exist_ok=True)
        with po_file(code).open("wb") as target:
            written = io.BytesIO()
            write_po(written, catalogue, width=WIDTH, sort_output=True, include_lineno=False)
            target.write(_undated(written.getvalue()))
        lacking = [message for message in catalogue if message.id and lacks(message)]
        sys.stdout.write(f"{code}: {len(catalogue)} texts, {len(lacking)} to translate\n")


def _undated(file: bytes) -> bytes:
    return _UNKNOWN.sub(b"", file)


def _text(found: str | tuple[str, ...]) -> Text:
    if isinstance(found, str):
        return found
    return found[0], found[1]


def lacks(message: Message) -> bool:
    """Tell whether a text, or one of its forms, is not translated."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return not all(forms)


if __name__ == "__main__":
    main()
