"""Hold what the UN directories say, as facts: tables of messages, segments, elements and codes.

Belongs here: reading an archive of the UN (`archive` and what it is made of), the editions and
service segments that are shipped as `*.facts` (our own format, `edi.facts`), and what segments
and elements are called in our own words (`names`). No text of the UN stands here; what is shipped
is made by `gateway.standards.shipping` from archives that anybody can download.

    edition("D.96A").messages["ORDERS"]         the table of a message
    layout("D.96A").position("BGM", "1004")     where an element stands
    read_archive({"EDMD/ORDERS_D.10B": ...})    any edition, D.93A to today
"""

from edi.edifact.directory.archive import read_archive
from edi.edifact.directory.editions import (
    BUILT_IN,
    MESSAGES,
    bare_edition,
    edition,
    envelope_of,
    known_service,
    layout,
    with_syntax,
)

__all__ = [
    "BUILT_IN", "MESSAGES", "bare_edition", "edition", "envelope_of", "known_service", "layout",
    "read_archive", "with_syntax",
]  # fmt: skip
