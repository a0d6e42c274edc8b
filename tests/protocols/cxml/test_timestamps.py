"""Instants are understood as procurement systems really spell them, and written as cXML wants."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cxml import timestamps

SUMMER = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "moment", "exact"),
    [
        ("2026-05-19T18:29:48+02:00", datetime(2026, 5, 19, 18, 29, 48, tzinfo=SUMMER), True),
        ("2026-05-19T18:29:48.123+00:00", datetime(2026, 5, 19, 18, 29, 48, 123000, UTC), True),
        ("2026-05-19T18:29:48Z", datetime(2026, 5, 19, 18, 29, 48, tzinfo=UTC), False),
        ("2026-05-19T18:29:48", datetime(2026, 5, 19, 18, 29, 48, tzinfo=UTC), False),
        ("2026-05-19T18:29:48+0200", datetime(2026, 5, 19, 18, 29, 48, tzinfo=SUMMER), False),
        ("2026-05-19 18:29:48 +02", datetime(2026, 5, 19, 18, 29, 48, tzinfo=SUMMER), False),
        ("2016- 06-09T20:42:27+00:00", datetime(2016, 6, 9, 20, 42, 27, tzinfo=UTC), False),
        ("Mon May 19 18:29:48 +0000 2008", datetime(2008, 5, 19, 18, 29, 48, tzinfo=UTC), False),
        ("2026-05-19", datetime(2026, 5, 19, tzinfo=UTC), False),
    ],
)
def test_a_spelling_met_in_practice_is_understood(text, moment, exact):
    assert timestamps.read(text) == (moment, exact)


@pytest.mark.parametrize(
    "text",
    [
        "--T+00:00",
        "",
        "yesterday",
        "2026-13-01T00:00:00+00:00",
        "2026-02-30",
        "\u0662\u0660\u0662\u0666-05-19",
        "Mon Foo 19 18:29:48 +0000 2008",
        "2026-05-19T18:29:48+99:99",
    ],
)
def test_what_is_no_instant_gives_none(text):
    assert timestamps.read(text) == (None, False)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("offset", "2026-05-19T18:29:48+02:00"),
        ("zulu", "2026-05-19T16:29:48Z"),
        ("bare", "2026-05-19T18:29:48"),
    ],
)
def test_each_style_is_written(style, text):
    assert timestamps.write(datetime(2026, 5, 19, 18, 29, 48, tzinfo=SUMMER), style) == text


@given(st.text(alphabet="0123456789-:+TZ. MonMay", max_size=40))
def test_reading_never_raises(text):
    timestamps.read(text)
