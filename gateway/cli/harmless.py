"""Spell out what could steer a terminal: what partners send is shown to people as they sent it."""

import json


def harmless(text: str) -> str:
    """Return text for a terminal; control characters and turns of direction are spelt out."""
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else _spelt(ord(sign)) for sign in text
    )


def harmless_value(text: str) -> str:
    """Return a single value for a terminal, on one line: no value writes a line of its own."""
    return harmless(text).replace("\n", "\\n")


def harmless_json(content: bytes) -> str:
    """Return JSON for a terminal; what could steer it is escaped, and so reads back the same."""
    return "\n".join(
        line if line.isprintable() else "".join(map(_escaped, line))
        for line in content.decode().split("\n")
    )


def harmless_bytes(content: bytes) -> str:
    """Return bytes for a terminal, whatever they are."""
    return harmless(content.decode("utf-8", "backslashreplace"))


def _spelt(number: int) -> str:
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"  # noqa: PLR2004 -- a byte


def _escaped(sign: str) -> str:
    return sign if sign.isprintable() else json.dumps(sign)[1:-1]
