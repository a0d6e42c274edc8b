"""Spell out what could steer a terminal: what partners send is shown to people as they sent it."""


def harmless(text: str) -> str:
    """Return text for a terminal; control characters and turns of direction are spelt out."""
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else _spelt(ord(sign)) for sign in text
    )


def harmless_bytes(content: bytes) -> str:
    """Return bytes for a terminal, whatever they are."""
    return harmless(content.decode("utf-8", "backslashreplace"))


def _spelt(number: int) -> str:
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"  # noqa: PLR2004 -- a byte
