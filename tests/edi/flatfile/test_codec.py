"""The codec of flat files keeps the contract of `canonical.wire.EdiCodec`."""

import pytest

from canonical.faults import Severity
from canonical.wire import Envelope, Markup, Verdict
from edi.faults import kinds
from edi.flatfile.codec import FlatCodec
from edi.flatfile.dialect import FlatDialect, dialect_of
from edi.flatfile.faults import FAULTS
from tests.edi.flatfile.making import DIALECT, FIXED, GOOD, ORDERS, codec, declared, schema

CONTENT = GOOD.encode("cp1252")


def test_the_media_type_may_name_the_schema() -> None:
    reading = codec().read(CONTENT, 'text/plain; charset=cp1252; schema="orders"')
    assert [message.reference for message in reading.messages] == ["1", "2"]
    assert reading.envelope == Envelope(message_id="")


def test_a_partners_own_schema_goes_before_a_shared_one() -> None:
    own, _ = declared(ORDERS.replace("Orders", "Own"))
    both = FlatCodec({"orders": own, "acme/orders": schema()})
    assert both.schema("orders", FlatDialect(owner="acme")) is not own
    assert both.schema("orders", FlatDialect(owner="other")) is own
    assert both.version("orders", FlatDialect()) == "orders"
    assert both.version("unknown", FlatDialect()) == "unknown"
    assert both.layout("unknown", FlatDialect()) is None


def test_strict_makes_every_fault_an_error() -> None:
    weights = FlatDialect(schema="orders", severities={"FLAT-126": "note"})
    content = CONTENT.replace(b"KG", b"kg")
    for strict, severity in ((False, Severity.NOTE), (True, Severity.ERROR)):
        (message, _) = codec().read(content, "", strict=strict, dialect=weights).messages
        assert [one.severity for one in message.faults] == [severity]


def test_there_is_no_envelope_and_nothing_to_acknowledge() -> None:
    one, envelope = codec(), Envelope(message_id="")
    assert one.envelope(CONTENT).envelope == envelope
    assert list(one.interchanges(CONTENT)) == [CONTENT]
    assert one.redacted(CONTENT, "") == CONTENT
    assert one.acknowledged(envelope, (), (), envelope, DIALECT) is None
    answer = one.acknowledgement(Verdict.INVALID, envelope, DIALECT, detail="no")
    assert answer.content == b"invalid: no\n"
    assert one.settlement(one.read(CONTENT, "", dialect=DIALECT).messages[0]) is None


def test_a_file_names_charset_and_schema_in_its_media_type() -> None:
    payload = codec().write(Markup("orders", "end\x1f0\x1e"), Envelope(message_id=""), DIALECT)
    assert payload.media_type == "text/csv; charset=windows-1252; schema=orders"
    assert payload.content == b"E;0\r\n"


def test_a_file_is_named_by_its_schema_and_the_number_that_it_is_given() -> None:
    body = Markup("orders", "head\x1fPO-1\x1f2026-11-22\x1e")
    for number, named in (("17", '; name="orders-17.csv"'), ("", ""),
                          ("a/../b", '; name="orders-a-..-b.csv"')):  # fmt: skip
        kind = codec().write(body, Envelope(message_id=number), DIALECT).media_type
        assert kind == f"text/csv; charset=windows-1252; schema=orders{named}"
    fixed = codec(schema(FIXED)).write(body, Envelope(message_id="3"), DIALECT)
    assert fixed.media_type.endswith('; name="orders-3.txt"')


def test_without_a_schema_nothing_is_written() -> None:
    with pytest.raises(LookupError, match="'other'"):
        codec().write(Markup("other", ""), Envelope(message_id=""), DIALECT)


def test_a_dialect_of_another_kind_says_nothing() -> None:
    assert dialect_of(None) == FlatDialect()


def test_every_fault_is_one_of_its_own_or_one_that_all_share() -> None:
    shared = {kind.code for kind in kinds("FLAT")}
    assert all(kind.code in shared or kind.code < "FLAT-100" for kind in FAULTS)
    assert codec().faults == FAULTS
