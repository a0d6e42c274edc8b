"""No password of an envelope is kept, however damaged it came, and the rest stays as it was."""

import pytest

from canonical.faults import Fault
from edi.edifact.codec import EdifactCodec
from edi.x12.codec import X12Codec
from tests.edi.sides import EDIFACT, ISA, UNB, X12, Side, both

SECRET = b"SECRETPASS"
EDIFACT_SENT = EDIFACT.interchange(EDIFACT.body).replace(b"+REF1'", b"+REF1+SECRETPASS'", 1)
X12_SENT = X12.interchange(X12.body).replace(b"*00*          *ZZ", b"*01*SECRETPASS*ZZ", 1)
GROUPED = UNB.encode() + b"ung+ORDERS+A+B+261121:0830+G1+UN+D:96A+SECRETPASS'UNE+0+G1'UNZ+1+REF1'"
CUT_OFF = EDIFACT.interchange(EDIFACT.body)[:150]
BLANKED = b"X" * len(SECRET)


def codes(faults: tuple[Fault, ...]) -> list[str]:
    return [one.code for one in faults]


@pytest.mark.parametrize(
    ("codec", "content"),
    [
        (EdifactCodec(), b"UNA:*.? ~" + EDIFACT_SENT),
        (EdifactCodec(), EDIFACT_SENT.replace(b"UNB", b"unb")),
        (EdifactCodec(), EDIFACT_SENT.replace(b"+", b"*")),
        (EdifactCodec(), EDIFACT_SENT.replace(b"UNB+UNOC", b"unb\r\n+U?+NOC")),
        (EdifactCodec(), GROUPED),
        (EdifactCodec(), CUT_OFF + EDIFACT_SENT),
        (EdifactCodec(), b"hello" + X12_SENT),
        (X12Codec(), X12_SENT.replace(b">~", b">A")),
        (X12Codec(), X12_SENT.replace(b"ISA", b"isa")),
        (X12Codec(), X12_SENT[:70]),
        (X12Codec(), X12_SENT[:27]),
        (X12Codec(), b"hello" + EDIFACT_SENT),
    ],
    ids=[
        "UNA does not fit UNB",
        "UNB in small letters",
        "other separators than the usual ones and no UNA",
        "UNB on two lines",
        "UNG in small letters",
        "UNB in a message cut off",
        "X12 taken for EDIFACT",
        "ISA ends by a letter",
        "ISA in small letters",
        "ISA is cut off",
        "ISA is cut off in its password",
        "EDIFACT taken for X12",
    ],
)
def test_a_damaged_envelope_keeps_no_password(
    codec: EdifactCodec | X12Codec, content: bytes
) -> None:
    secret = SECRET if SECRET in content else SECRET[: len(content) - content.index(b"*01*") - 4]
    kept = codec.redacted(content, codec.media_type)
    assert secret not in kept
    before, _, behind = content.partition(secret)
    assert kept.startswith(before + b"X" * len(secret))
    assert len(kept) == len(content)
    assert kept.endswith(behind[10:])
    assert codes(codec.read(kept, "").faults) == codes(codec.read(content, "").faults)


@both
def test_a_password_before_junk_is_blanked_as_well_as_one_in_it(side: Side) -> None:
    good = EDIFACT_SENT if side is EDIFACT else X12_SENT
    content = good + b"\n" + good[:3].lower() + good[3:] + b"\n" + good
    assert side.codec.redacted(content, side.media) == content.replace(SECRET, BLANKED)


def test_a_name_in_a_message_cut_off_begins_no_envelope() -> None:
    body = X12.line.replace("x", "VISA*1*2*3*4*5") + X12.line.replace("x", "ISA*1*2*3*4*5")
    content = f"{ISA}GS*PO*A*B*20261121*0830*101*X*004010~ST*850*0001~{body}".encode()
    assert X12.codec.redacted(content, X12.media) == content


@both
def test_a_tag_in_the_data_of_a_whole_message_is_no_envelope(side: Side) -> None:
    sign = side.line[3]
    text = sign.join(["ISA", "00", "a", "00", "b", "UNB", "UNOC", *"1234567"])
    content = side.interchange(side.body.replace(side.before, side.line[:4] + text + side.line[-1]))
    assert side.codec.redacted(content, side.media) == content
