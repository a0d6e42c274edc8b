"""The rule process judges, is replaced when it dies or hangs, and never takes the asker with it."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.standards.rules import RuleProcess, RulesError, rules_available
from protocols.schematron import compile_rules
from tests.patience import STALLED

pytestmark = pytest.mark.skipif(not rules_available(), reason="saxonche is not installed")

SHEET = compile_rules(
    b'<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern>'
    b'<rule context="b[c]"><assert id="R-1" test="number(.) gt 0">not above zero</assert></rule>'
    b'<rule context="b"><report id="R-2" test=". = \'x\'" flag="warning">a <value-of select="."/>'
    b"</report></rule></pattern></schema>"
).stylesheet


@pytest.fixture
def process() -> Iterator[RuleProcess]:
    made = RuleProcess(timeout=STALLED)
    yield made
    made.close()


def judged(process: RuleProcess, document: str) -> list[tuple[str, str, str, str]]:
    found = process.judge("T", SHEET, document.encode())
    return [(one.rule, one.flag, one.text, one.place) for one in found]


def test_only_the_first_rule_that_fits_counts(process):
    assert judged(process, "<a><b>x</b><b><c/>0</b><b>1</b></a>") == [
        ("R-2", "warning", "a x", "/Q{}a[1]/Q{}b[1]"),
        ("R-1", "fatal", "not above zero", "/Q{}a[1]/Q{}b[2]"),
    ]


def test_a_process_that_is_killed_is_replaced(process):
    assert judged(process, "<a/>") == []
    first = process.pid
    os.kill(first, signal.SIGKILL)
    assert judged(process, "<a><b>x</b></a>") != []
    assert process.pid != first


def test_many_threads_get_their_own_verdicts(process):
    documents = [f"<a>{'<b>x</b>' * number}</a>" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda text: len(judged(process, text)), documents))
    assert counts == list(range(20))


def test_what_cannot_be_judged_says_why_and_leaves_the_process_well(process):
    with pytest.raises(RulesError, match=r"\w"):
        process.judge("T", SHEET, b"<a")
    with pytest.raises(RulesError, match=r"\w"):
        process.judge("U", "<no-stylesheet/>", b"<a/>")
    assert judged(process, "<a/>") == []


def test_nothing_outside_the_document_is_read(process, tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text("<s>secret</s>")
    sheet = compile_rules(
        b'<schema xmlns="http://purl.oclc.org/dsdl/schematron"><pattern><rule context="a">'
        b'<report id="R" test="true()"><value-of select="doc(\''
        + secret.as_uri().encode()
        + b"')\"/></report></rule></pattern></schema>"
    ).stylesheet
    with pytest.raises(RulesError):
        process.judge("S", sheet, b"<a/>")
    entity = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}">]><a><b>&e;</b></a>'
    with pytest.raises(RulesError):
        judged(process, entity)


@pytest.mark.parametrize(
    ("program", "timeout", "reason"),
    [
        ("import sys; sys.exit(3)", STALLED, "ended"),
        ("import sys; sys.stdin.buffer.read()", 0.5, "no verdict after"),
        (
            "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\1x'); sys.stdout.flush()",
            STALLED,
            "ended",
        ),
    ],
)
def test_a_program_that_fails_is_reported_and_gone(program, timeout, reason):
    process = RuleProcess(timeout=timeout, command=(sys.executable, "-c", program))
    with pytest.raises(RulesError, match=reason):
        judged(process, "<a/>")
    assert process.pid is None
    process.close()


def test_closing_ends_the_process_and_forgetting_does_too():
    process = RuleProcess(timeout=STALLED)
    assert judged(process, "<a/>") == []
    child = process.pid
    del process
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_no_secret_of_our_environment_reaches_the_process(monkeypatch, process):
    monkeypatch.setenv("SUPPLIER_SECRET", "canary-4711")
    assert judged(process, "<a/>") == []
    environment = Path(f"/proc/{process.pid}/environ")
    if not environment.exists():
        pytest.skip("this system does not show the environment of a process")
    assert b"canary-4711" not in environment.read_bytes()
