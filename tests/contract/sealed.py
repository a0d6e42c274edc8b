"""Read attacks where the kernel ends the process that opens a file, a socket or a program.

An audit hook sees what Python opens; libxml2 is C, and would open by itself. So this process gives
its rights away first (a seccomp filter, for good), then reads. Run as a program with the folder of
the attacks: it prints one line a document and codec. `--prove` reads as nobody should, to show that
the seal holds.
"""

import ctypes
import platform
import struct
import sys
from pathlib import Path
from typing import Final

from lxml import etree

from protocols.cxml.codec import CxmlCodec
from protocols.ubl.codec import UblCodec

READERS: Final = {"cxml": CxmlCodec, "ubl": UblCodec}
MEDIA_TYPES: Final = ("text/xml", "application/xml; charset=utf-8")
SEALED: Final = {
    # AUDIT_ARCH, then open, openat, openat2, creat, socket, connect, execve, io_uring_setup
    "x86_64": (0xC000003E, (2, 257, 437, 85, 41, 42, 59, 425)),
    "aarch64": (0xC00000B7, (56, 437, 198, 203, 221, 425)),
}
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_KILL, _ALLOW = 0x80000000, 0x7FFF0000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def seal() -> None:
    """Let the kernel kill this process when it opens anything from here on."""
    architecture, numbers = SEALED[platform.machine()]
    count = len(numbers)
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
    ]
    steps += [(_EQUAL, count - at, 0, number) for at, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _KILL)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    libc = ctypes.CDLL(None, use_errno=True)
    for call in (
        (_NO_NEW_PRIVILEGES, 1, 0, 0, 0),
        (_SECCOMP, _FILTER, ctypes.byref(program), 0, 0),
    ):
        if libc.prctl(*call):
            raise OSError(ctypes.get_errno(), "prctl")


def main() -> None:
    """Read every document of a folder with every codec and media type, sealed."""
    folder, prove = Path(sys.argv[1]), "--prove" in sys.argv
    documents = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    readers = {name: make() for name, make in READERS.items()}
    good = b'<?xml version="1.0"?><cXML payloadID="1" timestamp="2026-01-31T08:00:00+00:00"/>'
    for reader in readers.values():
        reader.read(good, MEDIA_TYPES[0])  # what is imported late is imported now
    # The two mistakes that the seal must see.
    careless = etree.XMLParser(load_dtd=True, resolve_entities=True)  # noqa: TID251
    seal()
    for document, content in documents.items():
        if prove:
            etree.fromstring(content, careless)  # noqa: TID251
        for name, reader in readers.items():
            for media_type in MEDIA_TYPES:
                reading = reader.read(content, media_type)
                codes = ",".join(fault.code for fault in reading.faults)
                print(f"{document} {name} {len(reading.messages)} {codes}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
