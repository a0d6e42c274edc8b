"""Say what became of a call for which nothing of OCI can be given back.

OCI has no acknowledgement: a person sees a page, and only a program that downloads a catalogue
reads an answer. So ours is JSON too, with the number that HTTP has for the same.
"""

from typing import Final

import msgspec

from canonical.wire import Envelope, Payload, Status

MEDIA_TYPE: Final = "application/json"


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, rename="upper"):
    """Hold an acknowledgement as it is written: `{"STATUS": 401, "TEXT": "Unauthorized", ...}`."""

    status: int
    text: str
    id: str = ""
    detail: str = ""


def write(status: Status, envelope: Envelope) -> Payload:
    """Return the acknowledgement as JSON."""
    answer = Answer(
        status=status.code, text=status.text, id=envelope.message_id, detail=status.detail or ""
    )
    return Payload(msgspec.json.encode(answer), MEDIA_TYPE)


def read(content: bytes) -> tuple[Status, str] | None:
    """Return the status in an acknowledgement and the id of its message, or None."""
    try:
        answer = msgspec.json.decode(content, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    status = Status(code=answer.status, text=answer.text, detail=answer.detail or None)
    return status, answer.id


def is_json(media_type: str) -> bool:
    """Tell whether a media type says JSON."""
    return media_type.partition(";")[0].strip().lower() == MEDIA_TYPE
