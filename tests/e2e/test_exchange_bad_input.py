"""Whatever is posted to /edi is answered with rule, finding and way out, and kept if looked at.

Each goes to the real application of a demo workspace. What is no interchange is refused in the
answer; what is one is in our hands, and its own acknowledgement says what is wrong in it.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from gateway.pipeline.arriving import CROWD, STRANGERS
from tests.e2e.spine import SECRET, Shown, Spine, open_spine
from tests.small_disk import small_disk

pytestmark = pytest.mark.xdist_group("exchange_bad_input")

LIMIT = 12_000_000
PARTNER = "nordhamn-industri"
EDIFACT = "application/edifact"
UNKNOWN = b"UNB+UNOC:3+STRANGER+7350000000016:14+261122:0700+%d'UNZ+0+%d'"
EMPTY = b"UNB+UNOC:3+7350000000214:14+7350000000016:14+261122:0700+%d'UNZ+0+%d'"


@dataclass(frozen=True)
class House:
    """Hold the product, and what it knows of one partner that orders by EDIFACT."""

    spine: Spine
    sample: bytes
    secret: str

    def numbered(self, number: int) -> bytes:
        """Return an interchange of one order, under a number of its own."""
        content = re.sub(rb"(UNB\+(?:[^+']*\+){4})\d+", rb"\g<1>%d" % number, self.sample)
        content = re.sub(rb"UNZ\+1\+\d+'", b"UNZ+1+%d'" % number, content)
        return content.replace(b"NI-4711", b"NI-%d" % number)

    def post(
        self,
        content: bytes,
        media_type: str = EDIFACT,
        *,
        secret: str | None = "",
        remote: str = "192.0.2.7",
        **headers: str,
    ) -> httpx.Response:
        """Post bytes as the partner, unless another secret, or None, is given."""
        auth = None if secret is None else ("x", secret or self.secret)
        named = {"Content-Type": media_type}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        with self.spine.client(remote) as client:
            return client.post("/edi", content=content, headers=named, auth=auth)

    def kept(self, answer: dict[str, str]) -> Shown:
        return self.spine.shown(answer["message"])

    def inward(self) -> int:
        return sum(1 for one in self.spine.messages() if one["direction"] == "in")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    def adjust(folder: Path) -> None:
        file = folder / "gateway.toml"
        text = f"{file.read_text('utf-8')}\n[limits]\ninterchange = {LIMIT}\n"
        file.write_text(text, "utf-8")

    folder = tmp_path_factory.mktemp("bad") / "workspace"
    spine = open_spine(folder, adjust)
    sample = (folder / f"partners/{PARTNER}/samples/orders.edi").read_bytes()
    yield House(spine, sample, (folder / "secrets" / PARTNER).read_text().strip())
    spine.gateway.close()


def codes(shown: Shown) -> set[str]:
    """Return the codes of the faults on a message's timeline."""
    return {fault["code"] for step in shown["timeline"] for fault in step["faults"]}


# -- no interchange at all

UNREADABLE: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", EDIFACT, "EDIFACT-001"),
    "blanks": (b" \r\n\t ", EDIFACT, "EDIFACT-001"),
    "JSON": (b'{"order": "NI-1"}', "application/json", "EDIFACT-002"),
    "XML": (b'<?xml version="1.0"?><cXML payloadID="1"/>', "text/xml", "EDIFACT-002"),
    "ten megabytes of zeros": (b"\0" * (10 << 20), EDIFACT, "EDIFACT-002"),
    "ten megabytes of letters": (b"UN" * (5 << 20), EDIFACT, "EDIFACT-002"),
    "X12 without an envelope": (b"ISA" * 1000, "application/edi-x12", "X12-002"),
    "UTF-16": ("UNB+UNOC:3+A+B'".encode("utf-16"), EDIFACT, "EDIFACT-002"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_interchange_is_refused_with_place_and_way_out_and_kept(name: str, house: House):
    content, media_type, code = UNREADABLE[name]
    answer = house.post(content, media_type)
    assert answer.status_code == 400
    told = answer.json()
    assert told["status"] == "unreadable"
    assert f"{code} line 1: " in told["detail"]
    if code != "EDIFACT-001":
        assert f"found {content[:40].decode('latin-1')!r} -- " in told["detail"]
    shown = house.kept(told)
    assert (shown["state"], shown["partner"]) == ("refused", None)
    assert code in codes(shown)
    assert len(shown["payload"]) == len(content.decode("latin-1")) or name == "UTF-16"


def test_an_interchange_is_one_whatever_its_media_type_says(house: House):
    answer = house.post(house.numbered(100), "application/json")
    assert (answer.status_code, answer.json()["status"]) == (202, "received")


# -- not looked at


def test_a_body_over_the_limit_is_refused_before_it_is_read(house: House):
    before = house.inward()
    answer = house.post(b"U" * (LIMIT + 1))
    assert answer.status_code == 413
    assert answer.json()["status"] == "too-large"
    assert f"more than {LIMIT} bytes" in answer.json()["detail"]
    assert "limits.interchange" in answer.json()["detail"]
    assert house.inward() == before


def test_a_compressed_body_is_not_opened(house: House):
    before = house.inward()
    bomb = gzip.compress(b"\0" * (200 << 20), 9)
    answer = house.post(bomb, Content_Encoding="gzip")
    assert answer.status_code == 415
    assert answer.headers["Accept-Encoding"] == "identity"
    assert answer.json()["status"] == "unsupported-encoding"
    assert "'gzip' is not taken" in answer.json()["detail"]
    assert house.inward() == before
    assert house.post(house.numbered(101), Content_Encoding="identity").status_code == 202


# -- not from whom it says

STRANGERS_ALL: dict[str, tuple[Callable[[House], bytes], Callable[[House], str | None]]] = {
    "an unknown sender": (
        lambda house: house.numbered(110).replace(b"7350000000214", b"7350000000999"),
        lambda house: house.secret,
    ),
    "a wrong secret": (lambda house: house.numbered(111), lambda _house: "guessed"),
    "no secret": (lambda house: house.numbered(112), lambda _house: None),
    "another partner's secret": (lambda house: house.numbered(113), lambda _house: SECRET),
    "a header that is cut off": (
        lambda house: house.numbered(114)[:30],
        lambda house: house.secret,
    ),
}


def test_every_stranger_hears_the_same_and_the_timeline_says_why(house: House):
    shapes, reasons = set(), set()
    for number, (content, secret) in enumerate(STRANGERS_ALL.values()):
        remote = f"198.51.100.{number}"
        answer = house.post(content(house), secret=secret(house), remote=remote)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        told = answer.json()
        shown = house.kept(told)
        assert (shown["state"], shown["partner"]) == ("refused", None)
        assert "PIPELINE-001" in codes(shown)
        reasons.add(shown["timeline"][0]["note"])
        shapes.add((told.pop("detail"), told.pop("status"), len(told)))
    assert shapes == {("the sender is not recognised", "unauthenticated", 2)}
    assert len(reasons) > 1


# -- several in one


def test_two_interchanges_in_one_body_are_two_and_neither_sinks_the_other(house: House):
    good, bad = house.numbered(120), house.numbered(121).replace(b"NI-121", b"NI-121" * 100)
    answer = house.post(good + b"\r\nwhat is this\r\n" + bad)
    assert answer.status_code == 202
    one, other = answer.json()["interchanges"]
    assert one["message"] != other["message"]
    house.spine.work()
    assert house.kept(one)["acknowledgement"] == "positive"
    assert house.kept(other)["acknowledgement"] == "negative"
    assert "EDIFACT-003" in codes(house.kept(one)) | codes(house.kept(other))
    assert house.spine.gateway.core.order(f"{PARTNER}:NI-120") is not None


def test_one_of_a_stranger_beside_a_good_one_is_told_apart(house: House):
    answer = house.post(UNKNOWN % (1, 1) + house.numbered(122))
    assert answer.status_code == 401
    assert [one["status"] for one in answer.json()["interchanges"]] == [
        "unauthenticated",
        "received",
    ]


def test_a_crowd_is_refused_whole_and_kept_once(house: House):
    before = house.inward()
    crowd = b"".join(EMPTY % (number, number) for number in range(1000, 1001 + CROWD))
    answer = house.post(crowd)
    assert answer.status_code == 400
    assert "PIPELINE-030" in answer.json()["detail"]
    assert f"more than {CROWD}" in answer.json()["detail"]
    assert "post them in parts" in answer.json()["detail"]
    assert house.inward() == before + 1
    assert len(house.kept(answer.json())["payload"]) == len(crowd)


def test_of_a_crowd_of_strangers_only_the_first_are_recorded(house: House):
    before = house.inward()
    strangers = b"".join(UNKNOWN % (number, number) for number in range(CROWD))
    answer = house.post(strangers, secret=None, remote="203.0.113.9")
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers
    *looked_at, rest = answer.json()["interchanges"]
    assert len(looked_at) == STRANGERS
    assert rest["status"] == "throttled"
    assert "PIPELINE-025" in rest["detail"]
    assert "message" not in rest
    assert house.inward() == before + STRANGERS
    assert house.post(house.numbered(123), remote="203.0.113.10").status_code == 202


# -- an interchange with something wrong in it: ours to acknowledge

TAKEN: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "cut off in a message": (lambda whole: whole[:300], "negative", "EDIFACT-006"),
    "cut off before UNZ": (lambda whole: whole.rsplit(b"UNZ", 1)[0], "negative", "EDIFACT-006"),
    "cut off in UNT": (lambda whole: whole.rsplit(b"UNT", 1)[0] + b"UN", "negative", "EDIFACT-006"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_wrong_in_an_interchange_is_acknowledged_and_has_no_effect(name: str, house: House):
    change, acknowledgement, code = TAKEN[name]
    number = 130 + list(TAKEN).index(name)
    answer = house.post(change(house.numbered(number)))
    assert answer.status_code == 202
    house.spine.work()
    shown = house.kept(answer.json())
    assert (shown["state"], shown["acknowledgement"]) == ("answered", acknowledgement)
    assert code in codes(shown)
    sent = [one for one in house.spine.messages() if one["cause"] == shown["id"]]
    assert [one["name"] for one in sent] == ["CONTRL"]
    assert house.spine.gateway.core.order(f"{PARTNER}:NI-{number}") is None


def test_bytes_of_another_charset_are_told_on_the_order(house: House):
    content = house.numbered(140).replace(b"UNOC", b"UNOA").replace(b"workshop", b"w\xe5rkshop")
    answer = house.post(content)
    assert answer.status_code == 202
    house.spine.work()
    (order,) = [
        one
        for one in house.spine.messages("--reference", "NI-140")
        if one["direction"] == "in" and one["name"] == "ORDERS"
    ]
    assert "EDIFACT-030" in codes(house.spine.shown(order["id"]))


def test_one_segment_of_many_megabytes_harms_nobody(house: House):
    body = b"UNH+1+ORDERS:D:96A:UN:EAN008'FTX+PUR+++" + b"x" * (8 << 20) + b"'UNT+3+1'"
    head, tail = (EMPTY % (150, 150)).split(b"UNZ")
    answer = house.post(head + body + b"UNZ" + tail.replace(b"+0+", b"+1+"))
    assert answer.status_code == 202
    house.spine.work()
    assert house.kept(answer.json())["acknowledgement"] == "negative"


@pytest.mark.usefixtures("capsys")  # the log of the test must not go to a file then
def test_a_full_disk_is_told_and_nothing_is_promised(house: House):
    content = house.numbered(170).replace(b"UNS+S'", b"FTX+PUR+++later'" * 20_000 + b"UNS+S'")
    before = house.inward()
    with small_disk(10_000):
        refused = house.post(content)
    assert refused.status_code == 503
    assert refused.json()["status"] == "busy"
    assert "Retry-After" in refused.headers
    assert house.inward() == before
    assert house.post(content).status_code == 202


def test_a_number_that_came_before_with_another_body_waits_for_a_person(house: House):
    first = house.post(house.numbered(160)).json()
    assert house.post(house.numbered(160)).json()["message"] == first["message"]
    other = house.post(house.numbered(160).replace(b"NI-160", b"NI-161"))
    assert other.status_code == 202
    assert "PIPELINE-003" in other.json()["detail"]
    assert house.kept(other.json())["state"] == "held"
    house.spine.work()
    assert house.spine.gateway.core.order(f"{PARTNER}:NI-160") is not None
    assert house.spine.gateway.core.order(f"{PARTNER}:NI-161") is None
