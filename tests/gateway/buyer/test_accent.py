"""Each quirk of a profile shows in the document, and a system without quirks changes nothing."""

import pytest

from gateway.buyer.accent import STAMPS, accented
from gateway.partners.profile import Buyer
from tests.gateway.buyer.moments import NOON

SETUP = (
    '<?xml version="1.0"?>\n<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/x/cXML.dtd">\n'
    '<cXML payloadID="1" timestamp="2026-03-02T12:00:05+00:00"><PunchOutSetupRequest>'
    "<BuyerCookie>c</BuyerCookie><BrowserFormPost><URL>https://b.example.com</URL>"
    "</BrowserFormPost><Contact><Name>N</Name></Contact><SupplierSetup/></PunchOutSetupRequest>"
    "</cXML>"
)
ORDER = (
    '<OrderRequestHeader orderDate="2026-03-02T12:00:05+00:00"/><UnitOfMeasure>EA</UnitOfMeasure>'
)


def test_a_system_without_quirks_changes_nothing():
    assert accented(SETUP, Buyer()) == SETUP


@pytest.mark.parametrize(
    ("style", "spelt"),
    [
        ("offset", "2026-03-02T12:00:05+00:00"),
        ("zulu", "2026-03-02T12:00:05Z"),
        ("bare", "2026-03-02T12:00:05"),
        ("rfc822", "Mon Mar 02 12:00:05 +0000 2026"),
        ("broken", "--T+00:00"),
    ],
)
def test_instants_are_spelt_in_every_style(style, spelt):
    assert STAMPS[style](NOON) == spelt


def test_timestamp_and_order_date_have_styles_of_their_own():
    system = Buyer(timestamp="broken", order_date="zulu")
    assert 'timestamp="--T+00:00"' in accented(SETUP, system)
    assert 'orderDate="2026-03-02T12:00:05Z"' in accented(ORDER, system)


def test_contact_moves_before_the_form_post_and_nothing_is_lost():
    moved = accented(SETUP, Buyer(contact_before_form_post=True))
    assert (
        moved.index("<Contact>") < moved.index("<BrowserFormPost>") < moved.index("<SupplierSetup")
    )
    assert sorted(moved) == sorted(SETUP)


def test_a_doctype_can_be_left_out():
    assert "DOCTYPE" not in accented(SETUP, Buyer(doctype=False))


def test_units_are_spelt_as_the_system_spells_them():
    assert "<UnitOfMeasure>EACH<" in accented(ORDER, Buyer(units={"EA": "EACH"}))


def test_empty_elements_are_added_once():
    system = Buyer(empty_elements=True)
    once = accented(SETUP, system)
    assert once.count("<Number></Number>") == 1
    assert accented(once, system) == once
