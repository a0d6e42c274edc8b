"""Compile the condition under which a mapping is the one that writes a document.

One document may be two messages: an answer to an order is an 855, one to a change of it an 865.
Then each mapping but one says in `when:` at its top which documents are its own.
"""

from collections.abc import Callable
from typing import cast

from canonical.document import Document
from mappings.engine.bindings import StructBinding
from mappings.engine.calls import HELPERS, Translator
from mappings.engine.editions import compiled
from mappings.engine.frames import Frame
from mappings.engine.generation import Code, Unit
from mappings.engine.kinds import Kind
from mappings.engine.provenance import Keyed, Text
from mappings.engine.running import Run
from mappings.engine.texts import TextGenerator
from mappings.engine.values import Tables
from mappings.engine.walking import ElementGround

Wanted = Callable[[Document], bool]


class _ConditionGenerator(TextGenerator):
    """Generate the condition of one mapping into `unit`."""

    def function(self, document: type, tree: Text) -> str:
        """Return the source of `wanted(src, run)`."""
        source = StructBinding(Code("src", Kind("struct", optional=False, cls=document)))
        frame = Frame({"src": source})
        code, spot = self._translated(tree, "when", frame)
        truth = Translator(self.unit, frame.names, spot, frame.where).truth(code)
        return f"def wanted(src, run):\n    return {truth}\n"


def compile_condition(document: type, tree: Keyed, tables: Tables) -> Wanted | None:
    """Return what tells the documents of a mapping, None for one that takes any.

    Raises `MappingError` when the condition has mistakes.
    """
    condition = tree.items.get("when")
    if condition is None:
        return None
    unit = Unit()
    unit.constants.update(HELPERS)
    if not isinstance(condition, Text):
        unit.note(condition.at, "when: expected a condition")
        condition = Text("false", condition.at)
    generator = _ConditionGenerator(unit, tables, None)
    made = compiled(generator.function(document, condition), unit, "wanted")

    def wanted(source: Document) -> bool:
        return cast("bool", made.function(source, Run(made.spots, ElementGround())))

    return wanted
