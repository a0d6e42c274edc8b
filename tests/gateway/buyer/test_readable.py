"""A message is laid out for people without a change to any value in it."""

from gateway.buyer.readable import SHOWN, readable
from protocols import xml

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE cXML SYSTEM "http://x/cXML.dtd">'


def test_elements_get_lines_of_their_own_below_the_prolog():
    text = readable(f"{PROLOG}\n<cXML><To><Id>7 &amp; å</Id></To></cXML>".encode())
    assert text == f"{PROLOG}\n<cXML>\n  <To>\n    <Id>7 &amp; å</Id>\n  </To>\n</cXML>"


def test_text_beside_elements_stays_as_it_was():
    mixed = "<D>Chair, <S>low</S> and blue</D>"
    shown = readable(f"<a><b>{mixed}</b></a>".encode())
    assert mixed in shown
    root = xml.parse(shown.encode()).root
    assert root is not None
    assert "".join(root.itertext("D", "S")).split() == ["Chair,", "low", "and", "blue"]


def test_what_is_no_xml_is_shown_as_it_came():
    assert readable(b"NEW_ITEM-UNIT[1]=EA\n<b") == "NEW_ITEM-UNIT[1]=EA\n<b"
    assert readable(b"\xff") == "\N{REPLACEMENT CHARACTER}"


def test_entities_are_not_read_and_long_messages_are_cut():
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert readable(bomb) == bomb.decode()
    shown = readable(b"x" * (SHOWN + 5))
    assert shown.endswith("... and 5 more")
