"""What a session keeps beside its cart carries a version, and every form keeps loading."""

from decimal import Decimal
from pathlib import Path

import pytest

from canonical.price import Price, PriceBreak
from canonical.stored import StoredFormError
from gateway.punchout.baskets import Remark, dump_remarks, empty_remarks, load_remarks

SAMPLE = Path(__file__).parent / "stored" / "remarks.v1.json"
REMARKS = {
    "c-1": Remark(
        previous=Price(
            amount=Decimal("10.40"),
            currency="SEK",
            list_amount=Decimal("13.00"),
            breaks=(PriceBreak(minimum=Decimal(100), amount=Decimal("9.90")),),
        )
    ),
    "c-2": Remark(reason="no longer sold"),
}


def test_remarks_of_the_first_version_keep_loading() -> None:
    assert load_remarks(SAMPLE.read_bytes()) == REMARKS


def test_remarks_are_written_as_the_sample_of_today() -> None:
    assert dump_remarks(REMARKS) == SAMPLE.read_bytes().strip()


def test_no_remarks_are_stored_with_their_version_too() -> None:
    assert b'"version":1' in empty_remarks()
    assert load_remarks(empty_remarks()) == {}


def test_remarks_without_a_kind_are_refused() -> None:
    with pytest.raises(StoredFormError):
        load_remarks(b'{"lines":{},"version":1}')
