"""A picture leaves as an address that the buyer's system can open."""

import pytest

from canonical.punchout import CartLine
from gateway.punchout.pictures import with_pictures
from tests.gateway.punchout.world import make_line


@pytest.mark.parametrize(
    ("image", "address"),
    [
        (None, None),
        ("", ""),
        ("bolt.svg", "https://shop.example/shop/images/bolt.svg"),
        ("images/bult å.png", "https://shop.example/shop/images/bult%20%C3%A5.png"),
        ("https://cdn.example/bolt.png", "https://cdn.example/bolt.png"),
    ],
)
def test_a_file_becomes_an_address_and_an_address_stays(
    image: str | None, address: str | None
) -> None:
    (line,) = with_pictures("https://shop.example", [_pictured(image)])
    assert line.image == address


def _pictured(image: str | None) -> CartLine:
    line = make_line("BOLT-M8")
    return CartLine(line_id="1", item=line.item, quantity=line.quantity, image=image)
