"""ISA shows its separators however its elements are padded, and whatever stands in ISA11."""

import pytest

from edi.x12.separators import header_at

PADDED = (
    b"ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       "
    b"*261121*0830*U*00401*000000101*0*P*>~"
)
GS = b"GS*PO*A*B~"


def shown(content: bytes) -> tuple[str, ...] | None:
    header = header_at(content, 0)
    own = header.separators if header else None
    if own is None:
        return None
    return own.element, own.component, own.repetition or "", own.terminator


def test_a_padded_header_ends_after_106_characters() -> None:
    header = header_at(PADDED + GS, 0)
    assert header is not None
    assert header.end == 106
    assert shown(PADDED + GS) == ("*", ">", "", "~")


@pytest.mark.parametrize("blanks", [b"", b" ", b"   ", "\u00a0 \u00a0".encode()])
def test_blanks_may_be_any_number(blanks: bytes) -> None:
    unpadded = b"*".join(part.strip() + blanks for part in PADDED[:-2].split(b"*")) + b">~"
    unpadded = unpadded.replace(b"ISA" + blanks, b"ISA").replace(b"*" + blanks + b">", b"*>")
    assert shown(unpadded + GS) == ("*", ">", "", "~")


@pytest.mark.parametrize(
    ("told", "version", "repetition"),
    [(b"U", b"00401", ""), (b"^", b"00501", "^"), (b"U", b"00501", ""), (b"^", b"00401", ""),
     (b"!", b"00402", "!"), (b"!", b"00801", "!"), (b"{", b"00602", "{")],
)  # fmt: skip
def test_repetition_is_a_sign_since_4020(told: bytes, version: bytes, repetition: str) -> None:
    content = PADDED.replace(b"*U*00401", b"*" + told + b"*" + version) + GS
    assert shown(content) == ("*", ">", repetition, "~")


@pytest.mark.parametrize("terminator", [b"\n", b"\r", b"'", b"\x1c", b"\x15"])
def test_any_sign_may_end_segments(terminator: bytes) -> None:
    content = (PADDED + GS).replace(b"~", terminator)
    assert shown(content) == ("*", ">", "", terminator.decode())


@pytest.mark.parametrize("line", [b"\n", b"\r\n", b""])
def test_lines_may_follow_terminators(line: bytes) -> None:
    assert shown((PADDED + GS).replace(b"~", b"~" + line)) == ("*", ">", "", "~")


@pytest.mark.parametrize("line", [b"\n", b"\r\n", b""])
def test_the_component_separator_may_lack(line: bytes) -> None:
    content = (PADDED + GS).replace(b">~", b"~").replace(b"~", b"~" + line)
    assert shown(content) == ("*", ":", "", "~")


@pytest.mark.parametrize(
    "content",
    [
        PADDED.replace(b">~", b"*~"),
        PADDED.replace(b">~", b">>"),
        PADDED.replace(b">~", b">A"),
        PADDED.replace(b">~", b"1~"),
        PADDED.replace(b">~", ">…".encode()),
        PADDED.replace(b">~", b">\x0e"),
        PADDED.replace(b"*U*00401", b"*~*00501"),
    ],
)
def test_separators_that_nobody_can_use_are_none(content: bytes) -> None:
    header = header_at(content + GS, 0)
    assert header is not None
    assert header.separators is None


@pytest.mark.parametrize("content", [b"ISA", b"ISAAC*", b"ISA 95", PADDED[:100], b"ISA*00*x~"])
def test_less_than_16_elements_are_no_header(content: bytes) -> None:
    assert header_at(content, 0) is None
