"""Make the facts that are shipped: `python -m gateway.standards.shipping D96A.zip D01B.zip`.

From archives of the UN, unmodified as UNECE publishes them, into the package `edi`; a test compares
what is shipped with what the archives say.
"""

import sys
from pathlib import Path

import edi.edifact.directory as package
from edi.choosing import only
from edi.edifact.directory import BUILT_IN, MESSAGES, read_archive
from edi.writing_facts import write_facts
from gateway.errors import ConfigurationError
from gateway.standards.directories import archive_members
from gateway.standards.sources import Limits


def shipped(archive: Path) -> tuple[str, str]:
    """Return the name of the file and the facts to ship from one archive."""
    members = archive_members(archive.read_bytes(), archive.name, Limits())
    directory = only(read_archive(members, archive.name), MESSAGES)
    if directory.name not in BUILT_IN:
        message = f"{archive} is {directory.name}; shipped are {' and '.join(BUILT_IN)}"
        raise ConfigurationError(message)
    return f"{directory.name.replace('.', '').lower()}.facts", write_facts(directory)


def main(archives: list[str]) -> None:
    """Write the facts of every archive into the package."""
    folder = Path(package.__file__).parent
    for archive in archives:
        name, text = shipped(Path(archive))
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
