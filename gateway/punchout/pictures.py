"""Give lines that leave the address of their picture: outside, a file's name says nothing."""

from collections.abc import Iterable
from urllib.parse import quote

from msgspec.structs import replace

from canonical.punchout import CartLine

FOLDER = "/shop/images/"


def with_pictures(base_url: str, lines: Iterable[CartLine]) -> tuple[CartLine, ...]:
    """Return `lines` with the absolute address of each picture, as the shop shows it."""
    return tuple(
        line if _leads_somewhere(line.image) else replace(line, image=_address(base_url, line))
        for line in lines
    )


def _leads_somewhere(image: str | None) -> bool:
    return not image or image.startswith(("https://", "http://"))


def _address(base_url: str, line: CartLine) -> str:
    name = (line.image or "").rpartition("/")[2]
    return f"{base_url}{FOLDER}{quote(name, safe='')}"
