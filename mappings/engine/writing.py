"""Generate the Python that writes a document as markup.

Building strings is many times faster than building elements (docs/adr/0020); what keeps it safe
is that a value reaches the text in one way only: every dynamic text of a frame (the message, one
row of an `each`, one optional element) is first put through one question, `needs_care`, and all
are escaped when the answer is yes. Names are checked when the mapping is compiled.

A value that is null is left out, with the element that holds it; an element that would hold nothing
is left out too, unless it says `keep: yes`.
"""

import re
from typing import Final

from mappings.engine.bindings import ContextBinding, StructBinding, ValueBinding
from mappings.engine.calls import Translator
from mappings.engine.forms import shorthand
from mappings.engine.frames import Content, Frame, Piece, Pieces, harmless, literal
from mappings.engine.generation import Code, nearest
from mappings.engine.kinds import Kind
from mappings.engine.markup import escaped, escaped_attribute
from mappings.engine.provenance import Keyed, Text, Tree
from mappings.engine.running import Spot
from mappings.engine.slots import Block, render
from mappings.engine.texts import VALUE_KEYS, TextGenerator

ATTRIBUTE_KEYS: Final = ("from", "when", "since", "until", "note", "after", *VALUE_KEYS)
ELEMENT_KEYS: Final = (
    "tag", "attributes", "text", "raw", "children", "when", "each", "as", "where", "with", "use",
    "since", "until", "keep", "note", "after", *VALUE_KEYS,
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?", re.ASCII)


class WritingGenerator(TextGenerator):
    """Generate the writing code of one mapping into `unit`."""

    def function(self, document: type, root: Keyed) -> str:
        """Return the source of `write(src, run, context)`."""
        source = StructBinding(Code("src", Kind("struct", optional=False, cls=document)))
        frame = Frame({"src": source, "doc": source, "context": ContextBinding()})
        self._lets(root, frame)
        elements = root.keyed("element")
        if elements is None:
            self.unit.note(root.at, "a writing mapping needs `element`")
            elements = Keyed({}, root.at, {})
        pieces: Pieces = []
        for name, tree in elements.items.items():
            made, checks, _ = self._element(name, tree, frame, name)
            frame.build += checks
            pieces += made
        self._checks(root, frame)
        versions = [f"{name} = {test}" for test, name in self.versions.items()]
        body: Block = [
            "ver = version_of(context.get('version'))",
            *versions,
            *frame.block(),
            f"return {literal(pieces)}",
        ]
        return "\n".join(["def write(src, run, context):", *render([body])]) + "\n"

    def _element(
        self, key: str, tree: Tree, frame: Frame, target: str
    ) -> tuple[Pieces, Block, bool]:
        """Return an element's pieces, its checks, and whether it is always written."""
        spec = tree if isinstance(tree, Keyed) else None
        if isinstance(tree, Text):
            spec = Keyed({"text": tree}, tree.at, {"text": tree.at})
        if spec is None:
            self.unit.note(tree.at, f"{target}: expected an expression or the parts of an element")
            return [], [], False
        if "group" in spec.items:
            return self._spliced(spec, frame, target)
        self._unknown(spec, ELEMENT_KEYS, target)
        name = spec.text("tag") or key
        if not _NAME.fullmatch(name):
            self.unit.note(spec.at, f"{target}: '{name}' is no element name")
        if "each" in spec.items:
            return self._each(name, spec, frame, target), [], False
        conditions = self._condition(spec, frame, target)
        inner = self._with(spec, frame, conditions, target)
        if not conditions:
            return self._whole(name, spec, frame.beside(inner or {}), target)
        inside = frame.inner(inner or {})
        return self._optional(name, spec, frame, inside, conditions, target), [], False

    def _spliced(self, spec: Keyed, frame: Frame, target: str) -> tuple[Pieces, Block, bool]:
        """Return the elements of a group in the place of the entry that names it."""
        self._unknown(spec, ("group", "note", "after"), target)
        name = spec.text("group") or ""
        group = self.groups.get(name)
        parent = target.rpartition("/")[0]
        pieces: Pieces = []
        checks: Block = []
        sure = False
        if not isinstance(group, Keyed):
            hint = nearest(name, list(self.groups))
            self.unit.note(spec.items["group"].at, f"{target}: unknown group '{name}'{hint}")
            return pieces, checks, sure
        for key, tree in group.items.items():
            made, added, always = self._element(key, tree, frame, f"{parent}/{key}".lstrip("/"))
            pieces += made
            checks += added
            sure = sure or always
        return pieces, checks, sure

    def _optional(
        self,
        name: str,
        spec: Keyed,
        frame: Frame,
        inside: Frame,
        conditions: list[str],
        target: str,
    ) -> Pieces:
        pieces, checks, _ = self._whole(name, spec, inside, target)
        result = self.unit.name("o")
        if "when" not in spec.items and "with" not in spec.items and harmless(inside.values):
            frame.values += inside.values
            frame.texts += inside.texts
            inside = Frame({}, build=inside.build)
        body = [*inside.block(), *checks, f"{result} = {literal(pieces)}"]
        frame.build += [f"if {' and '.join(conditions)}:", body, "else:", [f"{result} = ''"]]
        return [Piece(result, fixed=False)]

    def _each(self, name: str, spec: Keyed, frame: Frame, target: str) -> Pieces:
        tree = spec.items["each"]
        code = (
            self._translated(tree, target, frame)[0]
            if isinstance(tree, Text)
            else Code("()", Kind("any"))
        )
        if code.kind.name != "list" or code.kind.item is None:
            self.unit.note(tree.at, f"{target}: `each` needs a list, found {code.kind}")
            return []
        row, rows = self.unit.name("e"), self.unit.name("y")
        item = Code(row, code.kind.item.sure)
        binding = StructBinding(item) if item.kind.name == "struct" else ValueBinding(item)
        inside = frame.inner({spec.text("as") or "it": binding}, (f"len({rows})",))
        conditions = self._condition(spec, inside, f"{target}[]")
        where = spec.items.get("where")
        if isinstance(where, Text):
            found, spot = self._translated(where, target, inside)
            conditions.append(Translator(self.unit, inside.names, spot, inside.where).truth(found))
        pieces, checks, _ = self._whole(name, spec, inside, f"{target}[]")
        body: Block = [*inside.block(), *checks, f"{rows}.append({literal(pieces)})"]
        if conditions:
            body = [f"if {' and '.join(conditions)}:", body]
        result = self.unit.name("o")
        loop: Block = [
            f"{rows} = []",
            f"for {row} in {code.py}:",
            body,
            f"{result} = ''.join({rows})",
        ]
        frame.build += [f"if {code.py}:", loop, "else:", [f"{result} = ''"]]
        return [Piece(result, fixed=False)]

    def _whole(
        self, name: str, spec: Keyed, frame: Frame, target: str
    ) -> tuple[Pieces, Block, bool]:
        """Return one element without its conditions."""
        content = Content()
        for key, tree in spec.pairs("attributes"):
            self._attribute(key, tree, frame, content, f"{target}/@{key}")
        children = self._children(spec, target)
        has_text = bool({"text", "raw"} & spec.items.keys())
        order = list(spec.items)
        text_last = (
            has_text
            and "children" in order
            and order.index("children")
            < max(order.index(key) for key in ("text", "raw") if key in order)
        )
        if has_text and not text_last:
            self._text(spec, frame, content, target)
        for key, tree in children.items():
            made, checks, sure = self._element(key, tree, frame, f"{target}/{key}")
            content.inner += made
            content.checks += checks
            content.sure = content.sure or sure
        if text_last:
            self._text(spec, frame, content, target)
        if not has_text and not children and "attributes" not in spec.items:
            content.sure = True
        if self._flag(spec, "keep"):
            content.sure, content.presence = True, None
        return self._closed(name, spec, frame, content, target)

    def _children(self, spec: Keyed, target: str) -> dict[str, Tree]:
        own = spec.keyed("children")
        children = dict(own.items) if own is not None else {}
        use = spec.text("use")
        if use is None:
            return children
        group = self.groups.get(use)
        if not isinstance(group, Keyed):
            hint = nearest(use, list(self.groups))
            self.unit.note(spec.items["use"].at, f"{target}: unknown group '{use}'{hint}")
            return children
        return {**group.items, **children}

    def _closed(
        self, name: str, spec: Keyed, frame: Frame, content: Content, target: str
    ) -> tuple[Pieces, Block, bool]:
        """Put tags around the content, or nothing when there is none."""
        required = self._flag(spec, "required")
        start, end = (
            [Piece(f"<{name}", fixed=True), *content.attributes],
            [Piece(f"</{name}>", fixed=True)],
        )
        body = [*start, Piece(">", fixed=True), *content.inner, *end]
        if not content.inner:
            body = [*start, Piece("/>", fixed=True)]
        if content.sure and content.presence is None:
            return body, content.checks, True
        result, condition = self.unit.name("o"), content.presence
        said = content.inner or content.attributes
        if condition is None and len(said) == 1 and not said[0].fixed:
            condition = said[0].text
        elif condition is None:
            condition = self.unit.name("o")
            frame.build.append(f"{condition} = {literal(said)}")
        test = f"{content.presence} is not None" if content.presence else condition
        missing: Block = [f"{result} = ''"]
        if required:
            spot = self.unit.spot(Spot(target, str(spec.at), ""))
            missing.append(f"run.missing({spot}, None, {frame.where})")
        frame.build += [
            f"if {test}:",
            [*content.checks, f"{result} = {literal(body)}"],
            "else:",
            missing,
        ]
        return [Piece(result, fixed=False)], [], required

    def _attribute(self, key: str, tree: Tree, frame: Frame, content: Content, target: str) -> None:
        spec = shorthand(tree)
        if spec is None or not _NAME.fullmatch(key):
            self.unit.note(tree.at, f"{target}: expected an attribute's name and an expression")
            return
        self._unknown(spec, ATTRIBUTE_KEYS, target)
        code, spot = self._value(spec, "from", frame, target)
        conditions = self._condition(spec, frame, target)
        if not conditions and self._static(code) is not None:
            text = escaped_attribute(self._static(code) or "")
            content.attributes.append(Piece(f' {key}="{text}"', fixed=True))
            return
        held = self._spelt(code, spot, frame, "'attribute'")
        if self._flag(spec, "required"):
            content.checks += [f"if {held} is None:", [f"run.missing({spot}, None, {frame.where})"]]
        pieces = [Piece(f' {key}="', fixed=True), Piece(held, fixed=False), Piece('"', fixed=True)]
        if not conditions and (not code.kind.optional or self._flag(spec, "required")):
            content.attributes += pieces
            content.sure = content.sure or not {"text", "raw", "children", "use"} & set(spec.items)
            return
        result = self.unit.name("a")
        tests = [*conditions, *([f"{held} is not None"] if code.kind.optional else [])]
        frame.build.append(f"{result} = {literal(pieces)} if {' and '.join(tests)} else ''")
        content.attributes.append(Piece(result, fixed=False))

    def _text(self, spec: Keyed, frame: Frame, content: Content, target: str) -> None:
        key = "raw" if "raw" in spec.items else "text"
        code, spot = self._value(spec, key, frame, target)
        fixed = self._static(code)
        if fixed is not None and key == "text":
            content.inner.append(Piece(escaped(fixed), fixed=True))
            content.sure = True
            return
        if key == "raw":
            held = self.unit.name("v")
            frame.values.append(f"{held} = verbatim(run, {spot}, {code.py}, {frame.where})")
        else:
            held = self._spelt(code, spot, frame, "'text'")
        content.inner.append(Piece(held, fixed=False))
        if code.kind.optional and not {"children", "keep"} & spec.items.keys():
            content.presence = held
        elif code.kind.optional:
            shown = self.unit.name("a")
            frame.build.append(f"{shown} = {held} if {held} is not None else ''")
            content.inner[-1] = Piece(shown, fixed=False)
        else:
            content.sure = True
