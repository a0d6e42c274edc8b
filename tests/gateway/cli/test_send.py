"""What is handed in under wrong names is told with the right ones, before anything is stored."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gateway.app import prepare
from gateway.cli.demo_workspace import make_workspace
from gateway.pipeline.arriving import LARGEST_FILE

Gateway = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return a file in a workspace whose database is not there yet."""
    make_workspace(tmp_path)
    path = tmp_path / "order.edi"
    path.write_text("UNB+UNOC:3+S+R+261122:0100+1'UNZ+0+1'")
    return str(path)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--syntax", "edifakt"), 'no syntax "edifakt"; known are cxml, edifact'),
        (("--as", "nobody"), 'no partner "nobody"; known are nordhamn'),
    ],
)
def test_names_that_nothing_has_are_told(
    gateway: Gateway, tmp_path: Path, file: str, words: tuple[str, ...], told: str
) -> None:
    prepare(tmp_path)
    result = gateway("send", file, *words)
    assert result.exit_code == 3
    assert told in result.stderr
    assert "no messages" in gateway("messages", "list").output


def test_a_file_that_is_too_large_is_refused_unread(
    gateway: Gateway, tmp_path: Path, file: str
) -> None:
    prepare(tmp_path)
    with Path(file).open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    result = gateway("send", file, "--as", "nordhamn-industri")
    assert result.exit_code == 1
    assert "the file has 268,435,457 bytes; up to 268,435,456 are taken in: split" in result.stderr
    assert "raise limits.interchange in gateway.toml" in result.stderr
    assert "no messages" in gateway("messages", "list").output


def test_what_is_no_edi_is_unreadable_and_says_why(
    gateway: Gateway, tmp_path: Path, file: str
) -> None:
    prepare(tmp_path)
    Path(file).write_text("nonsense")
    result = gateway("send", file, "--as", "nordhamn-industri")
    assert result.exit_code == 1
    assert "EDIFACT-002 line 1: no interchange here, found 'nonsense' -- an inter" in result.stdout


def test_a_sender_that_nobody_is_is_told_by_the_identity_that_was_looked_for(
    gateway: Gateway, tmp_path: Path, file: str
) -> None:
    prepare(tmp_path)
    Path(file).write_text(
        "UNB+UNOC:3+7300019999999:14+7309876543210:14+261122:0100+1'UNH+1+ORDERS:D:96A:UN'UNT+2+1'"
        "UNZ+1+1'"
    )
    result = gateway("send", file)
    assert result.exit_code == 1
    assert "edi-14:7300019999999: its sender is no known partner" in result.stdout


def test_a_database_that_is_not_prepared_is_told_with_the_way_out(
    gateway: Gateway, file: str
) -> None:
    for words in (("send", file), ("messages", "list"), ("edi", "numbers")):
        result = gateway(*words)
        assert result.exit_code == 4
        assert result.stderr.startswith("gateway: the database is at nothing, this release needs")
        assert result.stderr.endswith("gateway db upgrade\n")


def test_a_flat_file_is_known_by_the_partner_it_is_sent_as(
    gateway: Gateway, tmp_path: Path, file: str
) -> None:
    prepare(tmp_path)
    new = ("--customer", "10002", "--identity", "DUNS:77", "--supplier", "DUNS:1")
    gateway("partner", "new", "flat", *new, "--secret-stdin", given="s3cret-enough")
    with (tmp_path / "partners" / "flat" / "partner.yaml").open("a") as stream:
        stream.write("edi: {inbox: in, flat: semicolon-order}\n")
    Path(file).write_text("H;PO-1;2026-11-22;SEK;10002\nL;1;PA-10010;;;;2;C62\nE;1\n")
    assert gateway("send", file, "--as", "flat").exit_code == 0
    assert "flat" in gateway("messages", "list").output.split()
