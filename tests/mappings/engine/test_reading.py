"""Promise: a reader gives the typed document or says what is wrong, where, and by which line."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from canonical.faults import Severity
from canonical.order import Order, OrderResponse
from canonical.punchout import Operation, StatusUpdate
from canonical.wire import Envelope, Message
from mappings.engine.editions import ROOTS
from mappings.engine.library import MappingError
from mappings.engine.running import MAX_FAULTS
from tests.mappings.workbench import SHIPPED, codes, message, read, reader

STATUS = """
fields:
  code: src.code
  text: {from: src.text, max: 5}
  payload_id: {from: src.id, map: {a: first, b: second}}
  identifiers:
    each: src.party
    fields: {value: it, scheme: {from: it.@domain, default: none}}
"""


def test_blank_optional_values_are_left_out() -> None:
    mapped = read(STATUS, "<r><code> 200 </code><text> OK </text><id> </id></r>")
    assert mapped.document == StatusUpdate(code=200, text="OK")
    assert mapped.faults == ()


def test_each_gives_a_row_per_element_in_order() -> None:
    text = "<r><code>1</code><text>x</text><party domain='D'>p</party><party>q</party></r>"
    document = read(STATUS, text).document
    assert isinstance(document, StatusUpdate)
    assert [(entry.value, entry.scheme) for entry in document.identifiers] == [
        ("p", "D"),
        ("q", "none"),
    ]


def test_a_missing_required_value_names_target_place_and_mapping_line() -> None:
    mapped = read(STATUS, "<r>\n<code>1</code>\n<text>x</text>\n<party/><party>q</party></r>")
    (fault,) = mapped.faults
    assert fault.code == "MAP-001"
    assert fault.target == "identifiers[0].value"
    assert fault.source == "cxml/test.yaml:10"
    assert fault.place is not None
    assert (fault.place.line, fault.place.path) == (4, "party[1]")
    assert mapped.document is None


def test_all_faults_are_collected() -> None:
    mapped = read(STATUS, "<r><code>2OO</code><text>too long</text><id>z</id></r>")
    assert codes(mapped) == ["MAP-002", "MAP-007", "MAP-005"]
    assert mapped.faults[0].hint == "letter O instead of a digit?"


def test_truncate_cuts_and_warns() -> None:
    fields = STATUS.replace("max: 5", "max: 5, truncate: yes")
    mapped = read(fields, "<r><code>1</code><text>too long</text></r>")
    assert isinstance(mapped.document, StatusUpdate)
    assert mapped.document.text == "too l"
    assert [(fault.code, fault.severity) for fault in mapped.faults] == [
        ("MAP-008", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "1e5", "1_000", "1,000", "٣", "--1", "1" * 40, "1.2.3"]
)
def test_what_is_no_plain_number_is_a_fault(number: str) -> None:
    mapped = read(STATUS, f"<r><code>{number}</code><text>x</text></r>")
    assert codes(mapped) == ["MAP-002"]


def test_a_fraction_is_no_whole_number() -> None:
    assert codes(read(STATUS, "<r><code>1.5</code><text>x</text></r>")) == ["MAP-002"]


PROFILE = "fields:\n  effective_at: src.at\n  transactions: {each: src.none, fields: {name: it, url: it}}\n"  # noqa: E501


@pytest.mark.parametrize(
    ("text", "expected", "faults"),
    [
        ("2026-11-22T10:15:00+01:00", datetime.fromisoformat("2026-11-22T10:15:00+01:00"), []),
        ("2026-11-22T10:15:00Z", datetime(2026, 11, 22, 10, 15, tzinfo=UTC), []),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC), []),
        ("2026-11-22T10:15:00", datetime(2026, 11, 22, 10, 15, tzinfo=UTC), ["MAP-009"]),
        ("2026- 11-22T10:15:00Z", datetime(2026, 11, 22, 10, 15, tzinfo=UTC), []),
        ("Mon May 19 18:29:48 +0000 2008", datetime(2008, 5, 19, 18, 29, 48, tzinfo=UTC), []),
    ],
)
def test_times_are_read_as_systems_write_them(
    text: str, expected: datetime, faults: list[str]
) -> None:
    mapped = read(PROFILE, f"<r><at>{text}</at></r>", "Profile")
    assert mapped.document is not None
    assert mapped.document.effective_at == expected  # type: ignore[attr-defined]
    assert codes(mapped) == faults


def test_what_is_no_time_is_a_fault() -> None:
    assert codes(read(PROFILE, "<r><at>--T+00:00</at></r>", "Profile")) == ["MAP-003"]


def test_severity_warn_lets_the_document_through_without_the_value() -> None:
    fields = """
    fields:
      operation: src.@op
      buyer_cookie: {const: c}
      lines:
        each: src.line
        fields:
          line_id: string(row)
          quantity: {fields: {value: {const: '1'}, unit: {const: EA}}}
          item: {fields: {sku: it}}
          lead_time_days: {from: it.@days, severity: warn}
    """
    mapped = read(fields, "<r op='EDIT'><line days='soon'>a</line></r>", "PunchoutSetup")
    document = mapped.document
    assert document is not None
    assert document.operation is Operation.EDIT  # type: ignore[attr-defined]
    assert document.lines[0].lead_time_days is None  # type: ignore[attr-defined]
    assert document.lines[0].quantity.value == Decimal(1)  # type: ignore[attr-defined]
    assert codes(mapped) == ["MAP-002"]
    assert mapped.faults[0].target == "lines[0].lead_time_days"


def test_a_check_on_the_document_reports_its_own_code() -> None:
    fields = (
        STATUS
        + """
checks:
  range: {that: doc.code < 600, code: TEST-1, severity: warn, note: OCI is lower}
  stop: {that: doc.text != 'no', note: refused}
"""
    )
    warned = read(fields, "<r><code>700</code><text>x</text></r>")
    assert [(fault.code, fault.message) for fault in warned.faults] == [("TEST-1", "OCI is lower")]
    assert warned.document is not None
    stopped = read(fields, "<r><code>1</code><text>no</text></r>")
    assert codes(stopped) == ["MAP-011"]
    assert stopped.document is None


def test_a_check_on_a_field_sees_its_value() -> None:
    fields = STATUS.replace("src.code", "{from: src.code, check: value < 600}", 1)
    assert codes(read(fields, "<r><code>700</code><text>x</text></r>")) == ["MAP-011"]
    assert codes(read(fields, "<r><code>200</code><text>x</text></r>")) == []


def test_faults_are_capped() -> None:
    rows = "<party/>" * (MAX_FAULTS + 50)
    mapped = read(STATUS, f"<r><code>1</code><text>x</text>{rows}</r>")
    assert len(mapped.faults) == MAX_FAULTS + 1
    assert mapped.faults[-1].code == "MAP-013"


def test_division_by_zero_is_a_fault() -> None:
    fields = STATUS.replace("code: src.code", "code: 1 / src.code | whole")
    assert codes(read(fields, "<r><code>0</code><text>x</text></r>"))[0] == "MAP-010"


def test_the_first_element_of_a_name_counts() -> None:
    text = "<r><code>1</code><code>2</code><text>a</text><text>b</text></r>"
    assert read(STATUS, text).document == StatusUpdate(code=1, text="a")


def test_a_group_is_there_when_its_element_is() -> None:
    order = SHIPPED.reader("cxml", "OrderRequest.new")
    assert order is not None
    text = (
        "<cXML><Request><OrderRequest><OrderRequestHeader orderID='1' orderDate='2026-01-01'>"
        "<Total><Money currency='EUR'>1</Money></Total></OrderRequestHeader><ItemOut quantity='1'>"
        "<ItemID><SupplierPartID>A</SupplierPartID></ItemID><ItemDetail><UnitOfMeasure>EA"
        "</UnitOfMeasure></ItemDetail></ItemOut></OrderRequest></Request></cXML>"
    )
    document = order.read(message(text)).document
    assert isinstance(document, Order)
    assert document.lines[0].price is None
    assert document.ship_to is None
    assert document.lines[0].line_id == "1"


def test_dates_are_cut_from_times() -> None:
    confirmation = SHIPPED.reader("cxml", "ConfirmationRequest")
    assert confirmation is not None
    text = (
        "<cXML payloadID='p'><Request><ConfirmationRequest><ConfirmationHeader type='detail' "
        "noticeDate='2026-01-01'/><OrderReference orderID='1'/><ConfirmationItem quantity='2' "
        "lineNumber='1'><UnitOfMeasure>EA</UnitOfMeasure><ConfirmationStatus quantity='2' type='accept' "  # noqa: E501
        "deliveryDate='2026-02-03T12:00:00+01:00'/></ConfirmationItem></ConfirmationRequest></Request></cXML>"
    )
    document = confirmation.read(message(text)).document
    assert isinstance(document, OrderResponse)
    assert document.lines[0].delivery == date(2026, 2, 3)
    assert document.response_id == "p"


NAMES = st.sampled_from(
    ["Request", "OrderRequest", "OrderRequestHeader", "ItemOut", "ItemID", "ItemDetail", "Money", "Total",  # noqa: E501
     "UnitPrice", "Contact", "Extrinsic", "Comments", "Address", "ShipTo", "Distribution", "x"]
)  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["quantity", "orderID", "orderDate", "currency", "lineNumber", "name"]),
    st.text(alphabet="0123456789.-TZ:ax é", max_size=12), max_size=3,
)  # fmt: skip


@st.composite
def elements(draw: st.DrawFn, depth: int = 5) -> etree._Element:
    element = etree.Element(draw(NAMES), draw(ATTRIBUTES))
    element.text = draw(st.none() | st.text(alphabet="0123456789., EUR\n", max_size=8))
    for _ in range(draw(st.integers(0, 3)) if depth else 0):
        element.append(draw(elements(depth=depth - 1)))
    if draw(st.booleans()):
        element.append(etree.Comment("aside"))
    return element


@settings(max_examples=60, deadline=None)
@given(elements())
def test_reading_never_raises_on_any_tree(tree: etree._Element) -> None:
    root = etree.Element("cXML")
    root.append(tree)
    for entry in SHIPPED.entries():
        if entry.head is not None and entry.head.reads and entry.head.syntax not in ROOTS:
            mapped = SHIPPED.reader_of(entry).read(Message("x", Envelope(message_id="m"), root))
            assert "MAP-015" not in codes(mapped)


def test_a_failure_of_ours_becomes_a_fault_and_names_the_field() -> None:
    class Broken:
        tag = "r"
        text = 5
        attrib: dict[str, str]
        sourceline = 1

        def get(self, _name: str) -> None:
            return None

        def __iter__(self):
            return iter([self] if self.tag == "r" else [])

    tree = Broken()
    child = Broken()
    child.tag = "code"
    tree.__class__.__iter__ = lambda self: iter([child] if self.tag == "r" else [])  # type: ignore[method-assign]
    found = reader(STATUS).read(Message("Test", Envelope(message_id="m"), tree))  # type: ignore[arg-type]
    assert codes(found) == ["MAP-015"]
    assert found.faults[0].source == "cxml/test.yaml:5"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("fields: {code: src.c, txt: src.t}", "StatusUpdate has no field 'txt'; did you mean 'text'?"),  # noqa: E501
        ("fields: {code: src.c}", "'text' is required by StatusUpdate and not mapped"),
        ("fields: {code: src.c, text: {from: src.t, tabel: x}}", "unknown key 'tabel'; did you mean 'table'?"),  # noqa: E501
        ("fields: {code: src.c, text: {from: src.t, table: none}}", "unknown table 'none'"),
        ("fields: {code: src.c, text: {from: src.t, max: many}}", "max: expected a whole number"),
        ("fields: {code: src.c, text: {from: src.t, required: maybe}}", "required: expected yes or no"),  # noqa: E501
        ("fields: {code: {from: src.c, as: date}, text: src.t}", "code is a whole number, not date"),  # noqa: E501
        ("fields: {code: src.c == '1', text: src.t}", "code is a whole number, but the expression gives"),  # noqa: E501
        ("fields: {code: src.c, text: src.t, identifiers: src.i}", "expected `each` or a path to texts"),  # noqa: E501
        ("fields: {code: src.c, text: {from: src.t, severity: warn}}", "its faults are errors"),
        ("fields: {code: src.c, text: {use: address}}", "text is a text, not a group of fields"),
        ("fields: {code: {const: many}, text: src.t}", "const 'many' is not a whole number"),
        ("let: {x: []}\nfields: {code: src.c, text: src.t}", "let.x: expected an expression"),
        ("checks: {x: {severity: warn}}\nfields: {code: src.c, text: src.t}", "expected `that:`"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_refused_with_its_place(fields: str, words: str) -> None:
    with pytest.raises(MappingError) as caught:
        reader(fields)
    assert words in str(caught.value)
    assert str(caught.value).startswith("cxml/test.yaml:")


def test_what_is_neither_yes_nor_no_is_a_fault() -> None:
    fields = """
    fields:
      cart_id: {const: c}
      currency: {const: SEK}
      lines: {each: src.line, use: none}
      buyer_cookie: {const: x}
      cancelled: src.gone
    groups: {none: {line_id: it, item: {fields: {}}, quantity: {fields: {value: it, unit: it}}}}
    """
    assert codes(read(fields, "<r><gone>perhaps</gone></r>", "Cart")) == ["MAP-004"]
    document = read(fields, "<r><gone>Yes</gone></r>", "Cart").document
    assert document is not None
    assert document.cancelled is True  # type: ignore[attr-defined]
