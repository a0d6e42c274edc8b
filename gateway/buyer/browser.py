"""Open pages, follow links and fill in forms as a browser without cookies and without script does.

Procurement systems frame the shop: third-party cookies are gone there, and embedded browsers may
run no script. A shop that this browser can use works everywhere. It is honest where that counts:
it sends the headers by which a site tells its own forms from foreign ones, and obeys
`Referrer-Policy: no-referrer`, which makes a form's Origin `null`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final
from urllib.parse import urljoin

import httpx
import lxml.etree
import lxml.html

from gateway.errors import TransportError

USER_AGENT: Final = "Mozilla/5.0 (virtual buyer; no cookies, no script)"
MAX_REDIRECTS: Final = 10
MAX_PAGE: Final = 4_000_000
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUTTONS: Final = frozenset({"submit", "image", ""})
_SILENT: Final = frozenset({"reset", "button", "file"})


@dataclass(frozen=True, slots=True)
class Button:
    """Hold a submit button; pressing it sends its name and may change where the form goes."""

    label: str
    name: str | None = None
    value: str = ""
    action: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Hold a form as the page spells it: `action` is absolute, `spelt_action` as written.

    `fields` are what it sends untouched; `editable` names those that a person can fill in,
    with the type of each (`search`, `number`, `text`, `select`).
    """

    action: str
    spelt_action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    editable: Mapping[str, str]
    buttons: tuple[Button, ...]
    charset: str | None = None
    text: str = ""

    def value(self, name: str) -> str | None:
        """Return what the field `name` (in any case) holds."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one page: where it is, its forms and links."""

    url: str
    status: int
    forms: tuple[Form, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Pairs of text and absolute address."""
    title: str = ""
    text: str = field(default="", repr=False)
    alerts: tuple[str, ...] = ()
    """What the page says with role=alert: why something was not done."""
    hides_referrer: bool = False

    @property
    def said(self) -> str:
        """Return what a person would quote: the alerts, or else status and title."""
        return " ".join(self.alerts) or f"{self.status} {self.title or self.text[:80]}".strip()


class Browser:
    """Walk through a site; keeps nothing between requests but what the addresses carry."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def open(self, url: str, coming_from: Page | None = None) -> Page:
        """Return the page at `url`, redirects followed."""
        headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
        headers["Sec-Fetch-Site"] = "cross-site" if coming_from is None else "same-origin"
        return self._load("GET", url, headers, None)

    def enter(self, url: str, method: str = "get", fields: Sequence[tuple[str, str]] = ()) -> Page:
        """Return the page that a form of another site leads to, redirects followed."""
        headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
        headers["Sec-Fetch-Site"] = "cross-site"
        if method == "get":
            whole = httpx.URL(url).copy_merge_params(list(fields)) if fields else url
            return self._load("GET", str(whole), headers, None)
        return self._load("POST", url, headers, list(fields))

    def submit(
        self,
        page: Page,
        form: Form,
        values: Mapping[str, str] | None = None,
        button: Button | None = None,
    ) -> Page:
        """Fill in `values`, press `button` (or the first one) and return the next page."""
        pressed = button or next((found for found in form.buttons if not found.disabled), None)
        given = dict(values or {})
        pairs = [(name, given.pop(name, value)) for name, value in form.fields]
        pairs.extend(given.items())
        target = form.action
        if pressed is not None:
            target = urljoin(page.url, pressed.action) if pressed.action else target
            if pressed.name:
                pairs.append((pressed.name, pressed.value))
        headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}
        if form.method == "get":
            url = httpx.URL(target).copy_with(params=pairs)
            return self._load("GET", str(url), headers, None)
        headers["Origin"] = "null" if page.hides_referrer else _origin(page.url)
        return self._load("POST", target, headers, pairs)

    def _load(
        self, method: str, url: str, headers: dict[str, str], pairs: list[tuple[str, str]] | None
    ) -> Page:
        for _ in range(MAX_REDIRECTS):
            response = self._send(method, url, headers, pairs)
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                return read_page(str(response.url), response)
            url = urljoin(str(response.url), response.headers["location"])
            if response.status_code not in {307, 308}:
                method, pairs = "GET", None
        message = f"{url}: redirected {MAX_REDIRECTS} times without arriving"
        raise TransportError(message)

    def _send(
        self, method: str, url: str, headers: dict[str, str], pairs: list[tuple[str, str]] | None
    ) -> httpx.Response:
        data = None if pairs is None else _grouped(pairs)
        try:
            return self._client.request(
                method,
                url,
                data=data,
                headers={"User-Agent": USER_AGENT, "Accept": "text/html", **headers},
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"{url} could not be opened: {type(error).__name__} {error}"
            raise TransportError(message) from error


def without_cookies(timeout: float = 60.0) -> httpx.Client:
    """Return a client that refuses every cookie and follows no redirect by itself."""
    jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return httpx.Client(cookies=jar, timeout=timeout, follow_redirects=False, trust_env=False)


def read_page(url: str, response: httpx.Response) -> Page:
    """Return what a page shows and offers; a page that is no HTML offers nothing."""
    hides = "no-referrer" in response.headers.get("referrer-policy", "").split(",")[-1]
    content = response.content[:MAX_PAGE]
    if not content.strip() or "html" not in response.headers.get("content-type", ""):
        return Page(url, response.status_code, text=response.text[:2000], hides_referrer=hides)
    parser = lxml.html.HTMLParser(encoding=response.encoding or "utf-8")
    root = lxml.html.document_fromstring(content, parser=parser)
    base = next((node.get("href") or "" for node in root.iter("base")), "")
    here = urljoin(url, base)
    title = next(root.iter("title"), None)
    return Page(
        url=url,
        status=response.status_code,
        forms=tuple(_form(node, root, here) for node in root.iter("form")),
        links=tuple(
            (_words(node), urljoin(here, node.get("href") or ""))
            for node in root.iter("a")
            if node.get("href")
        ),
        title="" if title is None else _words(title),
        text=_words(root),
        alerts=tuple(_words(node) for node in root.iter("*") if node.get("role") == "alert"),
        hides_referrer=hides,
    )


def _form(node: lxml.etree._Element, root: lxml.etree._Element, here: str) -> Form:
    fields: list[tuple[str, str]] = []
    editable: dict[str, str] = {}
    buttons: list[Button] = []
    for control in _controls(node, root):
        button = _button(control)
        if button is not None:
            buttons.append(button)
            continue
        name = control.get("name")
        if not name or control.get("disabled") is not None:
            continue
        fields.extend((name, value) for value in _values(control))
        if _kind(control) != "hidden" and control.get("readonly") is None:
            editable[name] = _kind(control)
    spelt = node.get("action") or ""
    return Form(
        action=urljoin(here, spelt),
        spelt_action=spelt,
        method=(node.get("method") or "get").lower(),
        fields=tuple(fields),
        editable=editable,
        buttons=tuple(buttons),
        charset=node.get("accept-charset"),
        text=_words(node),
    )


def _controls(node: lxml.etree._Element, root: lxml.etree._Element) -> list[lxml.etree._Element]:
    """Return the form's controls: those inside it and those that name it by `form=`."""
    own = node.get("id")
    return [
        control
        for control in root.iter("input", "select", "textarea", "button")
        if (control.get("form") == own if control.get("form") else node in control.iterancestors())
    ]


def _kind(control: lxml.etree._Element) -> str:
    if control.tag != "input":
        return str(control.tag)
    return (control.get("type") or "text").lower()


def _button(control: lxml.etree._Element) -> Button | None:
    kind = (control.get("type") or "").lower()
    if control.tag == "input" and kind not in {"submit", "image"}:
        return None
    if control.tag in {"select", "textarea"} or kind not in _BUTTONS:
        return None
    return Button(
        label=_words(control) or control.get("value") or "",
        name=control.get("name"),
        value=control.get("value") or "",
        action=control.get("formaction"),
        disabled=control.get("disabled") is not None,
    )


def _values(control: lxml.etree._Element) -> list[str]:
    kind = _kind(control)
    if kind in _SILENT:
        return []
    if kind == "textarea":
        return [(control.text or "").removeprefix("\n")]
    if kind == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        return [
            option.get("value") if option.get("value") is not None else _words(option)  # type: ignore[misc]  # tested
            for option in (chosen or options[:1])
        ]
    if kind in {"checkbox", "radio"}:
        return [control.get("value") or "on"] if control.get("checked") is not None else []
    return [control.get("value") or ""]


def _words(node: lxml.etree._Element) -> str:
    pieces = [str(text) for text in node.itertext() if isinstance(text, str)]
    return " ".join("".join(pieces).split())


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _origin(url: str) -> str:
    parsed = httpx.URL(url)
    port = f":{parsed.port}" if parsed.port else ""
    return f"{parsed.scheme}://{parsed.host}{port}"
