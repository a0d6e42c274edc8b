"""Print a list as data, item by item as it comes: no more than one is held."""

from collections.abc import Callable, Mapping
from typing import Final

import click
import msgspec
import yaml

from gateway.cli.harmless import harmless_json
from gateway.errors import ConfigurationError


class Listing:
    """Print a list in one of `TEXTS`; raises `ConfigurationError` for another form."""

    def __init__(self, form: str) -> None:
        add = _FORMS.get(form)
        if add is None:
            known = " or ".join(TEXTS)
            message = f'a tree is printed as {known}, not as "{form}"'
            raise ConfigurationError(message)
        self._add: Final = add
        self._count = 0
        self._form: Final = form

    def add(self, item: object) -> None:
        """Print the next item."""
        click.echo(self._add(item, self._count), nl=False)
        self._count += 1

    def end(self) -> None:
        """Print what ends the list."""
        if not self._count:
            click.echo("[]")
        elif self._form == "json":
            click.echo("\n]")


def _json(item: object, before: int) -> str:
    text = harmless_json(msgspec.json.format(msgspec.json.encode(item), indent=2))
    return ("," if before else "[") + "\n  " + text.replace("\n", "\n  ")


def _yaml(item: object, before: int) -> str:
    del before
    text: str = yaml.safe_dump([item], allow_unicode=True, sort_keys=False)
    return text


_FORMS: Final[Mapping[str, Callable[[object, int], str]]] = {"json": _json, "yaml": _yaml}
TEXTS: Final = tuple(_FORMS)
"""The forms in which data is printed."""
