"""No secret reaches a log line, whoever logs it."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from gateway.observe import logging


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logging.configure(process="web", stream=stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_an_event_is_one_json_object_with_its_keys(written: io.StringIO) -> None:
    structlog.get_logger().warning("refused", partner="region-sydlandet", message_id="42")
    event = json.loads(written.getvalue())
    assert event["event"] == "refused"
    assert event["partner"] == "region-sydlandet"
    assert event["process"] == "web"


@pytest.mark.parametrize("key", sorted(logging.FORBIDDEN))
def test_a_forbidden_key_is_blanked(written: io.StringIO, key: str) -> None:
    structlog.get_logger().error("failed", **{key: "canary-7391"})
    assert "canary-7391" not in written.getvalue()
    assert "failed" in written.getvalue()
