"""Run rule sets: the program of the rule process, which alone loads SaxonC.

Two SaxonC processors made in two threads end the whole process (6 of 6 tries), and a running one
holds the interpreter: so it lives by itself, one processor, one request at a time. Requests come in
on the standard input and replies go out on the standard output, as `gateway.standards.frames` says;
the end of the input ends it.
"""

import sys
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from gateway.standards.frames import HEAD, Failure, Reply, Request, frame, length_of

if TYPE_CHECKING:
    import saxonche

MAX_FAILURES: Final = 100


class Rules:
    """Hold one processor and what it has compiled."""

    def __init__(self) -> None:
        """Load SaxonC; nothing of it reaches a file or a network."""
        import saxonche  # noqa: PLC0415 -- only the rule process loads it

        self._processor = saxonche.PySaxonProcessor(license=False)
        self._processor.set_configuration_property(
            "http://saxon.sf.net/feature/allowedProtocols", ""
        )
        self._compiler = self._processor.new_xslt30_processor()
        self._compiled: dict[str, saxonche.PyXsltExecutable] = {}

    def reply(self, request: Request) -> Reply:
        """Return the answer to one request; a broken rule set or document is one too."""
        try:
            if request.stylesheet is not None:
                self._compiled[request.code] = self._compiler.compile_stylesheet(
                    stylesheet_text=request.stylesheet
                )
            node = self._processor.parse_xml(xml_text=request.document.decode("utf-8"))
            found = self._compiled[request.code].transform_to_value(xdm_node=node)
        except Exception as error:  # noqa: BLE001 -- SaxonC raises what it likes; the asker is told
            return Reply(problem=f"{type(error).__name__}: {error}"[:500])
        return Reply(failures=tuple(_failures(found)))


def _failures(found: "saxonche.PyXdmValue") -> list[Failure]:
    """Return the failures in what a stylesheet gave: see `protocols.schematron`."""
    failures: list[Failure] = []
    for element in found.item_at(0).get_node_value().children[0].children:
        if len(failures) >= MAX_FAILURES:
            break
        failures.append(
            Failure(
                rule=element.get_attribute_value("rule") or "",
                flag=element.get_attribute_value("flag") or "",
                place=element.get_attribute_value("place") or "",
                text=" ".join(element.string_value.split()),
            )
        )
    return failures


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answer requests until the input ends."""
    rules = Rules()
    while len(head := source.read(HEAD)) == HEAD:
        request = msgspec.msgpack.decode(source.read(length_of(head)), type=Request)
        target.write(frame(rules.reply(request)))
        target.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
