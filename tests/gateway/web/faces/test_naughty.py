"""Whatever stands in a product or in a call, the page that takes the cart home holds it as text."""

import base64
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest
from msgspec.structs import replace

from canonical.identifiers import Attachment, Identifier, Property
from canonical.product import Classification
from gateway.connectors.contract import Page
from protocols import xml
from tests.gateway.web.faces.visiting import shop
from tests.gateway.web.house import HOOK, House, call, hidden, login

NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "]]></Description><evil/><!--",
    "{{7*7}}${7*7}#{7*7}%(name)s {% raw %}",
    "&amp; &#x3c;evil&#x3e; \u202eevil\u202c \U0001f469",
    "a,b;c|d\te=f&NEW_ITEM-PRICE[1]=0&",
)
SKU = "PA-10010"


class Tags(HTMLParser):
    """Collect what a browser would make elements of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def naughty(house: House, request: pytest.FixtureRequest) -> Iterator[str]:
    """Fill every text of a product with one string, and put it back afterwards."""
    text: str = request.param
    products = house.gateway.catalogue
    before = products.product(SKU)
    assert before is not None
    changed = replace(
        before, name=text, description=f"{text} at length", manufacturer=text,
        manufacturer_sku=text[:40], category=(text,),
        classifications=(Classification(scheme="UNSPSC", code=text[:40], version=text),),
        properties=(Property(name=text, value=text),),
        attachments=(Attachment(url=f"https://s.example/?{text}", file_name=text),),
        supplier=Identifier(value=text, scheme="DUNS"),
    )  # fmt: skip
    products.apply_products(Page(items=(changed,), next="1", more=False))
    yield text
    products.apply_products(Page(items=(before,), next="1", more=False))


def assert_no_element(page: httpx.Response) -> None:
    tags = Tags(page.text).found
    assert not [tag for tag, given in tags if tag == "evil" or given.get("src") == "x"]
    assert not [name for _, given in tags for name in given if name.startswith("on")]
    assert "alert(1)</script" not in page.text


def assert_text_only(page: httpx.Response) -> None:
    assert page.status_code == 200, page.text
    assert_no_element(page)
    forms = [given for tag, given in Tags(page.text).found if tag == "form"]
    assert [form.get("action") for form in forms if "language" not in str(form)] == [HOOK]


def carried(page: httpx.Response, name: str) -> str:
    """Return the document in a field of the form."""
    fields = dict(hidden(page.text))
    return base64.b64decode(fields[name]).decode()


def clean(text: str) -> str:
    """Return text as it can stand in one line."""
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("naughty", NAUGHTY, indirect=True)
def test_an_oci_cart_holds_a_products_texts_as_they_are(
    browser: httpx.Client, naughty: str
) -> None:
    page = shop(browser, browser.get("/oci/acme", params=call(http_content_charset="UTF-8")))
    assert_text_only(page)
    pairs = hidden(page.text)
    assert dict(pairs)["NEW_ITEM-DESCRIPTION[1]"] == clean(naughty)[:40].strip()
    assert [name for name, _ in pairs].count("NEW_ITEM-PRICE[1]") == 1


@pytest.mark.parametrize("naughty", NAUGHTY, indirect=True)
def test_a_peppol_cart_holds_a_products_texts_as_they_are(
    browser: httpx.Client, naughty: str
) -> None:
    page = shop(browser, browser.post("/peppol/punchout/acme", data=login()))
    assert_text_only(page)
    root = xml.parse(carried(page, "catalogue").encode()).root
    assert root is not None
    (name,) = root.findall(".//{*}Item/{*}Name")
    assert clean(name.text or "") == clean(naughty)


@pytest.mark.parametrize("text", NAUGHTY)
def test_what_a_call_says_comes_back_as_text_or_not_at_all(
    browser: httpx.Client, text: str
) -> None:
    said = {"RETURNTARGET": text, "LANGUAGE": text, "OCI_VERSION": text, "department": text}
    asked = call(**{name: value.replace("\t", " ") for name, value in said.items()})
    assert_text_only(shop(browser, browser.get("/oci/acme", params=asked)))
    wrong = {**asked, "PASSWORD": text.replace("\t", " "), "FUNCTION": text.replace("\t", " ")}
    refused = browser.get("/oci/acme", params=wrong)
    assert refused.status_code in {400, 403}
    assert_no_element(refused)
