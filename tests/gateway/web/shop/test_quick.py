"""Buyers order by number over plain HTTP: good rows are in, bad ones stand there with a way out."""

import io
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.web.shop.sending import MAX_BODY
from tests.gateway.punchout.sheets import make_workbook, text_row
from tests.gateway.punchout.world import World, make_setup


def send(client: FlaskClient, token: str, follow: bool = True, **fields: object) -> TestResponse:
    return client.post(
        f"/s/{token}/quick",
        data={name.replace("_", "-"): value for name, value in fields.items()},
        content_type="multipart/form-data",
        follow_redirects=follow,
    )


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_good_rows_are_in_the_cart_and_bad_ones_stay_with_a_reason(
    world: World, client: FlaskClient
) -> None:
    token = world.enter()
    page = send(
        client, token, number_1="BOLT-M8", quantity_1="120", number_2="DRILL-18", quantity_2="2",
        number_3="NIX", quantity_3="1", number_4="", quantity_4="",
    ).text  # fmt: skip
    assert world.quantities(token) == {"DRILL-18": "2"}
    assert "1 row is in your cart." in page
    assert "2 rows are not in your cart yet" in page
    assert (value(page, "number-1"), value(page, "quantity-1")) == ("BOLT-M8", "120")
    assert (value(page, "number-2"), value(page, "number-3")) == ("NIX", "")
    assert 'aria-describedby="wrong-1"' in page
    assert 'name="take" value="1:150"' in page


def test_pressing_the_correction_takes_it(world: World, client: FlaskClient) -> None:
    token = world.enter()
    page = send(client, token, number_1="BOLT-M8", quantity_1="120", take="1:150").text
    assert world.quantities(token) == {"BOLT-M8": "150"}
    assert 'class="wrong"' not in page


def test_bad_rows_wait_for_their_shopper_and_a_reload_repeats_nothing(
    world: World, client: FlaskClient
) -> None:
    token, other = world.enter(), world.enter()
    sent = send(client, token, follow=False, list="DRILL-18;1\nNIX;1")
    assert sent.status_code == 303
    for _ in range(3):
        assert value(client.get(sent.headers["Location"]).text, "number-1") == "NIX"
    assert world.quantities(token) == {"DRILL-18": "1"}
    assert 'class="wrong"' not in client.get(f"/s/{other}/quick").text
    assert 'class="wrong"' not in send(client, token, number_1="", quantity_1="").text


def test_a_list_is_pasted_in_the_writing_of_the_language(world: World, client: FlaskClient) -> None:
    token = world.enter(make_setup(language="de"))
    send(client, token, list="Artikelnummer\tMenge\r\nBOLT-M8\t1.000\r\nPAINT-W\t2,5")
    assert world.quantities(token) == {"BOLT-M8": "1000", "PAINT-W": "2.5"}


def test_units_may_be_called_as_the_language_calls_them(world: World, client: FlaskClient) -> None:
    token = world.enter()
    page = send(client, token, list="BOLT-M8;2;Boxes\nNUT-M8;1;BX\nGLOVE-9;1;barrel").text
    assert world.quantities(token) == {"BOLT-M8": "200", "NUT-M8": "100"}
    assert "The product is not sold in this unit" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_read_beside_what_was_typed(world: World, client: FlaskClient, kind: str) -> None:
    token = world.enter(make_setup(language="sv"))
    content = {
        "csv": "Artikel;Antal\nCABLE-3G;12,0\n".encode("cp1252"),
        "xlsx": make_workbook(
            text_row("Antal", "Artikel") + '<row><c r="A2"><v>12</v></c>'
            '<c r="B2" t="inlineStr"><is><t>CABLE-3G</t></is></c></row>'
        ),
    }[kind]
    send(client, token, number_1="DRILL-18", quantity_1="1", file=(io.BytesIO(content), "a.bin"))
    assert world.quantities(token) == {"DRILL-18": "1", "CABLE-3G": "12"}


def test_a_number_of_a_workbook_keeps_its_value_in_every_language(
    world: World, client: FlaskClient
) -> None:
    token = world.enter(make_setup(language="de"))
    row = text_row("PAINT-W").replace("</row>", "<c><v>1.125</v></c></row>")
    page = send(client, token, file=(io.BytesIO(make_workbook(row)), "list.xlsx")).text
    assert value(page, "quantity-1") == "1,125"
    assert 'value="1:1,5"' in page


def test_a_file_that_is_no_list_changes_nothing_and_keeps_what_was_typed(
    world: World, client: FlaskClient
) -> None:
    token = world.enter()
    answer = send(
        client, token, number_1="DRILL-18", quantity_1="1", list="CABLE-3G;1",
        file=(io.BytesIO(b"\x89PNG\x00"), "a.png"),
    )  # fmt: skip
    assert answer.status_code == 422
    assert "The file cannot be read as a list" in answer.text
    assert value(answer.text, "number-1") == "DRILL-18"
    assert "CABLE-3G;1</textarea>" in answer.text
    assert world.quantities(token) == {}


def test_what_is_too_long_or_too_large_is_refused_with_the_way_out(
    world: World, client: FlaskClient
) -> None:
    token = world.enter()
    long = send(client, token, list="CABLE-3G;1\n" * 1001)
    assert long.status_code == 422
    assert "too many rows" in long.text
    large = client.post(
        f"/s/{token}/quick",
        data=b"--x\r\n" + b"x" * MAX_BODY,
        content_type="multipart/form-data; boundary=x",
    )
    assert large.status_code == 422
    assert "The file is too large" in large.text
    assert world.quantities(token) == {}


def test_a_page_of_a_thousand_bad_rows_can_be_sent_back(world: World, client: FlaskClient) -> None:
    token = world.enter()
    page = send(client, token, list="NIX;1\n" * 1000).text
    assert value(page, "number-1000") == "NIX"
    fields = {}
    for n in range(1, 1007):
        fields |= {f"number_{n}": "CABLE-3G" if n <= 1000 else "", f"quantity_{n}": "1",
                   f"unit_{n}": ""}  # fmt: skip
        if n > 1000:
            fields[f"quantity_{n}"] = ""
    send(client, token, **fields)
    assert world.quantities(token) == {"CABLE-3G": "1000"}


def test_more_rows_are_offered_without_touching_the_cart(world: World, client: FlaskClient) -> None:
    token = world.enter()
    page = send(client, token, number_1="DRILL-18", quantity_1="1", more="1").text
    assert value(page, "number-1") == "DRILL-18"
    assert value(page, "number-13") == ""
    assert world.quantities(token) == {}


def test_a_number_of_two_products_is_asked_about_and_the_choice_taken(
    world: World, client: FlaskClient
) -> None:
    from msgspec.structs import replace

    from gateway.connectors.contract import Page

    nut = world.catalogue.product("NUT-M8")
    assert nut is not None
    twin = replace(nut, sku="NUT-M8-B", name="Hex nut M8, black")
    world.catalogue.apply_products(Page(items=(twin,), next="9", more=False))
    token = world.enter()
    page = send(client, token, number_1="NF-N8", quantity_1="100").text
    assert '<select id="sku-1" name="sku-1">' in page
    assert "NUT-M8-B \N{EN DASH} Hex nut M8, black" in page
    send(client, token, number_1="NF-N8", quantity_1="100", sku_1="NUT-M8")
    assert world.quantities(token) == {"NUT-M8": "100"}


def test_naughty_rows_are_shown_as_text(world: World, client: FlaskClient) -> None:
    token = world.enter()
    naughty = '"><script>alert(1)</script>{{7*7}}'
    page = send(client, token, number_1=naughty, quantity_1=naughty, unit_1=naughty).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_a_cart_for_reading_and_a_foreign_form_get_nothing_in(
    world: World, client: FlaskClient
) -> None:
    from canonical.punchout import Operation

    reading = world.enter(make_setup(Operation.INSPECT))
    assert "for reading only" in client.get(f"/s/{reading}/quick").text
    assert send(client, reading, number_1="DRILL-18", quantity_1="1").status_code == 422
    token = world.enter()
    answer = client.post(
        f"/s/{token}/quick",
        data={"number-1": "DRILL-18", "quantity-1": "1"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert world.quantities(token) == {}
