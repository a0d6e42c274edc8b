"""Remove what processes began in folders and died over, also where no partner has them any more.

Every folder that was agreed once is kept in mind in a file of ours, for what was half-written there
is still there when the partner is gone or has another folder. One that does not exist is forgotten.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from gateway.partners.agreements import FOLDER_SCHEME
from gateway.partners.model import Partner
from gateway.transports.folder import JUST_NOW, clear, write_into

REMEMBERED: Final = "folders.json"
"""The file in the data folder that lists the folders which partners had."""


def clear_folders(
    partners: Iterable[Partner], workspace: Path, data: Path, older_than: float = JUST_NOW
) -> int:
    """Remove what we began in the partners' folders and never finished; return how many files.

    What is remembered is written in the `data` folder in the same way, and cleared likewise.
    """
    known = _remembered(data)
    folders = {*_agreed(partners), *(name for name in known if (workspace / name).is_dir())}
    if folders != known:
        with suppress(OSError):  # a full disk: next time
            write_into(data, REMEMBERED, json.dumps(sorted(folders)).encode())
    places = {data, *(workspace / name for name in folders)}
    return sum(clear(place, older_than) for place in places)


def _agreed(partners: Iterable[Partner]) -> Iterator[str]:
    for partner in partners:
        if partner.edi.inbox:
            yield partner.edi.inbox
        endpoint = partner.edi.endpoint or ""
        if endpoint.startswith(FOLDER_SCHEME):
            yield endpoint.removeprefix(FOLDER_SCHEME)


def _remembered(data: Path) -> set[str]:
    """Return the folders of the time before, none where nobody can tell."""
    try:
        names = json.loads((data / REMEMBERED).read_bytes())
    except (OSError, ValueError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
