"""No secret reaches a log line, whoever logs it; an error shows its cause and its frames."""

import io
import json
import logging as standard
from collections.abc import Iterator

import granian.log
import pytest
import sqlalchemy as sa
import structlog

from gateway.errors import StoreError
from gateway.observe import logging

CANARY = "-".join(("canary", "7391"))
"""A value that stands in no source line, so that a frame cannot show it by accident."""


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logging.configure(process="web", plain=getattr(request, "param", False), stream=stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


both_forms = pytest.mark.parametrize(
    "written", [False, True], ids=["json", "for eyes"], indirect=True
)


def test_an_event_is_one_json_object_with_its_keys(written: io.StringIO) -> None:
    structlog.get_logger().warning("refused", partner="region-sydlandet", message_id="42")
    event = json.loads(written.getvalue())
    assert event["event"] == "refused"
    assert event["partner"] == "region-sydlandet"
    assert event["process"] == "web"


@pytest.mark.parametrize("key", sorted(logging.FORBIDDEN))
def test_a_forbidden_key_is_blanked(written: io.StringIO, key: str) -> None:
    structlog.get_logger().error("failed", **{key: CANARY})
    assert CANARY not in written.getvalue()
    assert "failed" in written.getvalue()


def _fail(given: str) -> None:
    held = given.upper()
    try:
        int("seven")
    except ValueError as error:
        message = f"{len(held)} characters could not be stored"
        raise StoreError(message) from error


@both_forms
def test_an_error_shows_its_words_its_cause_and_the_lines_they_came_from(
    written: io.StringIO,
) -> None:
    try:
        _fail(CANARY)
    except StoreError:
        structlog.get_logger().exception("a step failed", step="check")
    told = written.getvalue()
    assert "gateway.errors.StoreError: 11 characters could not be stored" in told
    assert "ValueError: invalid literal" in told
    assert told.index("ValueError") < told.index("StoreError: ")
    assert "test_logging.py" in told
    assert "in _fail" in told


@both_forms
def test_an_error_does_not_show_what_its_frames_held(written: io.StringIO) -> None:
    try:
        _fail(CANARY)
    except StoreError:
        structlog.get_logger().exception("a step failed")
    assert CANARY not in written.getvalue().casefold()


def test_an_error_given_as_a_value_is_shown_too(written: io.StringIO) -> None:
    structlog.get_logger().error("request failed", exc_info=KeyError("partner"))
    assert "KeyError: 'partner'" in json.loads(written.getvalue())["exception"]


def test_a_logger_that_has_written_follows_a_later_configuration(written: io.StringIO) -> None:
    logger, later = structlog.get_logger(), io.StringIO()
    logger.warning("before")
    logging.configure(process="worker", stream=later)
    logger.warning("after")
    assert [json.loads(one.getvalue())["event"] for one in (written, later)] == ["before", "after"]


@both_forms
def test_a_database_error_does_not_show_the_values_of_its_statement(written: io.StringIO) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        try:
            connection.execute(sa.text("INSERT INTO nowhere VALUES (:v)"), {"v": CANARY})
        except sa.exc.OperationalError:
            structlog.get_logger().exception("not recorded")
    engine.dispose()
    assert "no such table: nowhere" in written.getvalue()
    assert CANARY not in written.getvalue()


@both_forms
def test_the_words_of_an_error_are_bounded(written: io.StringIO) -> None:
    try:
        int("x" * 10_000)
    except ValueError:
        structlog.get_logger().exception("failed")
    assert 0 < written.getvalue().count("x" * 100) < logging.MAX_WORDS / 100


def _server_line(words: str) -> standard.LogRecord:
    return standard.LogRecord("_granian", standard.WARNING, "", 0, words, (), None)


def test_the_server_keeps_quiet_about_its_threads_and_tells_all_else() -> None:
    wanted = logging.WithoutAdvice()
    advice = f"up to 16 Python threads, which seems {logging.ADVICE} cores available."
    assert not wanted.filter(_server_line(advice))
    assert wanted.filter(_server_line("Worker crash loop detected, exiting"))


def test_errors_of_the_server_stand_on_standard_error_alone(
    capfd: pytest.CaptureFixture[str],
) -> None:
    logger = granian.log.logger
    before = (logger.level, list(logger.handlers), list(logger.filters), logger.propagate)
    try:
        granian.log.configure_logging(granian.log.LogLevels.warning, logging.server_logging())
        logger.error("Unexpected exit from worker-1")
        logger.warning("which seems %s cores", logging.ADVICE)
        logger.info("Listening")
    finally:
        logger.level, logger.handlers, logger.filters, logger.propagate = before
    told = capfd.readouterr().err
    assert told == "granian: ERROR: Unexpected exit from worker-1\n"
