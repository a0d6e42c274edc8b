"""Spell a document the way a real system does, where that is not what the standard says.

The mappings and the codec write correct cXML only. What a system does differently stands in
its profile (section `buyer`); here each difference is one step over text that we have just written
ourselves, so plain text replacement is exact. `STEPS` lists them.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from gateway.partners.profile import Buyer

Step = Callable[[str, Buyer], str]

_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^>]*>\s*")
_CONTACT: Final = re.compile(r"<Contact\b.*?</Contact>\s*", re.DOTALL)
_FORM_POST: Final = re.compile(r"<BrowserFormPost>.*?</BrowserFormPost>\s*", re.DOTALL)
_UNIT: Final = re.compile(r"(<UnitOfMeasure>)([^<]*)(</UnitOfMeasure>)")
_STAMP: Final = re.compile(r'(\btimestamp=")([^"]*)(")')
_ORDER_DATE: Final = re.compile(r'(\borderDate=")([^"]*)(")')
_EMPTY_PHONE: Final = (
    '<Phone name="work"><TelephoneNumber><CountryCode isoCountryCode=""></CountryCode>'
    "<AreaOrCityCode></AreaOrCityCode><Number></Number></TelephoneNumber></Phone>"
)


def _rfc822(moment: datetime) -> str:
    """Return `Mon May 19 18:29:48 +0000 2008`, whatever the language of the machine."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    day = f"{days[moment.weekday()]} {months[moment.month - 1]} {moment.day:02d}"
    return f"{day} {moment:%H:%M:%S %z} {moment.year}"


STAMPS: Final[Mapping[str, Callable[[datetime], str]]] = {
    "offset": lambda moment: moment.isoformat(timespec="seconds"),
    "zulu": lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}Z",
    "bare": lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}",
    "rfc822": _rfc822,
    "broken": lambda _moment: "--T+00:00",
}
"""How an instant in UTC is spelt, by the name that a profile uses."""


def accented(text: str, system: Buyer) -> str:
    """Return a written document in the way that `system` spells it."""
    for step in STEPS:
        text = step(text, system)
    return text


def _restamped(text: str, pattern: re.Pattern[str], style: str) -> str:
    found = pattern.search(text)
    if found is None:
        return text
    try:
        moment = datetime.fromisoformat(found[2])
    except ValueError:
        return text
    return text[: found.start(2)] + STAMPS[style](moment) + text[found.end(2) :]


def _timestamp(text: str, system: Buyer) -> str:
    if system.timestamp in {"offset", "zulu", "bare"}:
        return text  # the codec has written it so
    return _restamped(text, _STAMP, system.timestamp)


def _order_date(text: str, system: Buyer) -> str:
    if system.order_date == "offset":
        return text
    return _restamped(text, _ORDER_DATE, system.order_date)


def _doctype(text: str, system: Buyer) -> str:
    return text if system.doctype else _DOCTYPE.sub("", text, count=1)


def _contact_first(text: str, system: Buyer) -> str:
    post, contacts = _FORM_POST.search(text), _CONTACT.findall(text)
    if not system.contact_before_form_post or post is None or not contacts:
        return text
    without = _CONTACT.sub("", text)
    return without.replace(post[0], "".join(contacts) + post[0])


def _units(text: str, system: Buyer) -> str:
    if not system.units:
        return text
    return _UNIT.sub(
        lambda found: found[1] + system.units.get(found[2].strip(), found[2]) + found[3], text
    )


def _empty(text: str, system: Buyer) -> str:
    if not system.empty_elements or _EMPTY_PHONE in text:
        return text
    return text.replace("</Contact>", f"{_EMPTY_PHONE}</Contact>")


STEPS: Final[tuple[Step, ...]] = (
    _timestamp,
    _order_date,
    _doctype,
    _contact_first,
    _units,
    _empty,
)
