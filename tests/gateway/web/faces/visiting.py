"""Walk from a login to the shop and home again, and read what was recorded."""

import re

import httpx

from gateway.store.interchanges import interchange
from tests.gateway.web.house import House

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

PLAIN_UNIT = """\
mappings:
  oci/{mapping}:
    groups:
      item:
        UNIT: {{text: "line.item.sku == 'PA-10010' ? 'ABCDE' : 'PCE'", table: !remove }}
"""
"""Overlay of a mapping by which PA-10010 gets a unit that OCI has no room for."""


def enter(browser: httpx.Client, opened: httpx.Response) -> str:
    """Follow a start link and return the path of the session."""
    assert opened.status_code == 303, opened.text
    entered = browser.get(opened.headers["location"])
    assert entered.status_code == 303, entered.text
    return re.sub(r"(/s/[^/]+/).*", r"\1", str(entered.headers["location"]))


def shop(browser: httpx.Client, opened: httpx.Response, sku: str = "PA-10010") -> httpx.Response:
    """Buy something and return the page that brings it home."""
    path = enter(browser, opened)
    added = browser.post(f"{path}cart", data={"sku": sku, "quantity": "3"})
    assert added.status_code == 303, added.text
    sent = browser.post(f"{path}transfer")
    assert sent.status_code == 303, sent.text
    return browser.get(sent.headers["location"])


def recorded(house: House) -> list[str]:
    """Return the verdict of every interchange that came in, oldest first."""
    with house.gateway.database.read() as connection:
        rows = connection.execute(
            interchange.select().order_by(interchange.c.received_at, interchange.c.id)
        )
        return [row.verdict for row in rows if row.verdict is not None]
