"""Generate the Python that reads a message into a document.

A scope is one element and the fields whose paths start from it: the message itself, or one item of
an `each`. All paths of a scope share one pass (`slots`). A field has two halves: `raw` brings its
source value into a variable, `convert` makes the typed value of it; between them stands the
question whether a nested group is there at all, which is so when any of its sources is.
"""

from collections.abc import Callable  # noqa: TC003  # beside the other imports
from dataclasses import dataclass, field, replace
from inspect import Parameter, signature

from canonical.faults import Severity
from canonical.wire import Envelope
from mappings.engine.bindings import ContextBinding, StructBinding, ValueBinding
from mappings.engine.calls import Translator
from mappings.engine.choosing import alternatives, first_of
from mappings.engine.expressions import Axis, ExpressionError
from mappings.engine.forms import CHECK_KEYS, FIELD_KEYS, shorthand
from mappings.engine.generation import Binding, Code, Unit, nearest
from mappings.engine.kinds import Field, Kind, fields_of
from mappings.engine.provenance import Keyed, Text, Tree
from mappings.engine.running import Spot
from mappings.engine.slots import Block, Branch, render
from mappings.engine.sources import SourceGenerator
from mappings.engine.values import Part, Scope, Site, Tables


@dataclass(frozen=True, slots=True)
class Within:
    """Hold the scope inside a group; `present` is the variable of what it is about.

    `block` is the code that finds it where the pass does not.
    """

    scope: Scope
    present: str | None = None
    block: Block = field(default_factory=list)


class ReadingGenerator(SourceGenerator):
    """Generate the reading code of one mapping into `unit`.

    `root` is the branch of a whole tree: it knows what the trees of this syntax are made of.
    """

    def __init__(
        self, unit: Unit, tables: Tables, groups: Keyed | None, root: Branch, *, trace: bool
    ) -> None:
        super().__init__(unit, tables, trace=trace)
        self.root = root
        self.groups = groups.items if groups is not None else {}
        self.alternatives: dict[str, tuple[Text, ...]] = {}
        """What the names of `let` choose between, where they do."""
        self._forms: tuple[tuple[str, Callable[[Site], Part]], ...] = (
            ("const", self._const),
            ("collect", self._collect),
            ("each", self._each),
            ("fields", self._group),
            ("use", self._group),
        )

    def function(self, document: type, root: Keyed) -> str:
        """Return the source of `read(src, run, parts, trace, context)`."""
        names: dict[str, Binding] = {}
        branch = self.root
        scope = Scope("src", branch, names)
        names["src"] = branch.binding()
        envelope = Kind("struct", optional=False, cls=Envelope)
        names["envelope"] = StructBinding(Code("run.envelope", envelope))
        names["context"] = ContextBinding()
        body: Block = []
        self._lets(root.keyed("let"), scope, body)
        fields = root.keyed("fields")
        if fields is None:
            self.unit.note(root.at, "a reading mapping needs `fields`")
            fields = Keyed({}, root.at, {})
        value, block = self._struct(document, fields, scope, "")
        body += [*block, f"doc = {value}", "if run.stopped:", ["return None"]]
        self._checks(document, root, scope, body)
        lines = [
            "def read(src, run, parts, trace, context):",
            *render([[*branch.opening("src"), *branch.single_pass("src"), *body, "return doc"]]),
        ]
        return "\n".join(lines) + "\n"

    def _lets(self, lets: Keyed | None, scope: Scope, body: Block) -> None:
        for name, tree in lets.items.items() if lets is not None else ():
            if not isinstance(tree, Text):
                self.unit.note(tree.at, f"let.{name}: expected an expression")
                continue
            alias = self._alias(tree, scope.names)
            if alias is not None:
                scope.names[name] = alias
                continue
            if choices := alternatives(tree):
                self.alternatives[name] = choices
                continue
            code, spot = self._translated(tree, f"let.{name}", scope, Kind("any"), None, 0)
            self.let_steps[name] = self.unit.spots[spot].steps
            held = self.unit.name("g")
            body.append(f"{held} = {code.py}")
            scope.names[name] = ValueBinding(Code(held, code.kind))

    def _checks(self, document: type, root: Keyed, scope: Scope, body: Block) -> None:
        whole = Kind("struct", optional=False, cls=document)
        names = {**scope.names, "doc": StructBinding(Code("doc", whole))}
        for name, tree in root.pairs("checks"):
            that = tree.items.get("that") if isinstance(tree, Keyed) else None
            if not isinstance(tree, Keyed) or not isinstance(that, Text):
                self.unit.note(tree.at, f"checks.{name}: expected `that:` with a condition")
                continue
            self._unknown(tree, CHECK_KEYS, f"checks.{name}")
            spot = self.unit.spot(Spot(f"checks.{name}", str(that.at), that.value))
            translator = Translator(self.unit, names, spot, "src, ()")
            condition = translator.truth(translator.translate(that))
            code = self.unit.constant(tree.text("code") or "MAP-011")
            note = self.unit.constant(
                tree.text("note") or f"check '{name}' does not hold: {that.value}"
            )
            severity = self.unit.constant(self._severity(tree) or Severity.ERROR)
            body += [
                f"if not {condition}:",
                [f"run.failed_check({spot}, {code}, {note}, {severity}, src)"],
            ]
        if root.keyed("checks"):
            body += ["if run.stopped:", ["return None"]]

    def _struct(self, struct: type, specs: Keyed, scope: Scope, prefix: str) -> tuple[str, Block]:
        """Return the constructor call of a struct, and the code before it."""
        parts = self._parts(struct, specs, scope, prefix)
        block: Block = [line for part in parts.values() for line in (*part.raw, *part.convert)]
        return self._call(struct, parts), block

    def _parts(self, struct: type, specs: Keyed, scope: Scope, prefix: str) -> dict[str, Part]:
        known = fields_of(struct)
        parts: dict[str, Part] = {}
        for name, tree in specs.items.items():
            found = known.get(name)
            spec = shorthand(tree)
            if found is None or spec is None:
                hint = nearest(name, list(known)) if found is None else ""
                what = (
                    f"{struct.__name__} has no field"
                    if found is None
                    else "expected an expression in"
                )
                self.unit.note(specs.keys.get(name, specs.at), f"{what} '{prefix}{name}'{hint}")
                continue
            parts[name] = self._field(found, spec, scope, f"{prefix}{name}")
        for name, found in known.items():
            if found.required and name not in specs.items:
                self.unit.note(
                    specs.at, f"'{prefix}{name}' is required by {struct.__name__} and not mapped"
                )
        return parts

    def _call(self, struct: type, parts: dict[str, Part]) -> str:
        """Return the constructor call, by position where the class allows: that is faster."""
        name = f"T_{struct.__name__}"
        self.unit.constants[name] = struct
        last = max(
            (place for place, field_name in enumerate(fields_of(struct)) if field_name in parts),
            default=-1,
        )
        fields = list(fields_of(struct).values())[: last + 1]
        by_position = all(
            parameter.kind is not Parameter.KEYWORD_ONLY
            for parameter in signature(struct).parameters.values()
        )
        if not by_position:
            return f"{name}({', '.join(f'{key}={part.value}' for key, part in parts.items())})"
        values = [
            parts[entry.name].value if entry.name in parts else self._constant(entry.default)
            for entry in fields
        ]
        return f"{name}({', '.join(values)})"

    def _field(self, found: Field, spec: Keyed, scope: Scope, target: str) -> Part:
        self._unknown(spec, FIELD_KEYS, target)
        required = self._flag(spec, "required") or found.required
        site = Site(spec, found.kind, required, found.default, target, scope)
        for key, form in self._forms:
            if key in spec.items:
                return form(site)
        if found.kind.name == "list":
            return self._texts(site)
        if found.kind.name == "struct":
            self.unit.note(spec.at, f"{target} is {found.kind}: expected `fields`, `use` or `each`")
            return Part("None")
        return self._value(site)

    def _const(self, site: Site) -> Part:
        text = site.spec.text("const")
        return Part(self._constant(self._literal(site, text or "", "const")))

    def _group_fields(self, spec: Keyed, target: str) -> Keyed:
        """Return the fields of a group: those of the group it uses, then its own over them."""
        fields = spec.keyed("fields")
        use = spec.text("use")
        if use is None:
            return fields or Keyed({}, spec.at, {})
        group = self.groups.get(use)
        if not isinstance(group, Keyed):
            hint = nearest(use, list(self.groups))
            self.unit.note(spec.items["use"].at, f"{target}: unknown group '{use}'{hint}")
            return fields or Keyed({}, spec.at, {})
        if fields is None:
            return group
        items = dict({**group.items, **fields.items}.items())
        return Keyed(items, group.at, {**group.keys, **fields.keys})

    def _within(self, site: Site) -> Within | None:
        """Return the scope inside a group: `with` binds a name to an element."""
        tree = site.spec.items.get("with")
        if tree is None:
            return Within(site.scope)
        name = site.spec.text("as") or "it"
        bound = self._above(tree, site) or self._reached(tree, site)
        if bound is None:
            self.unit.note(tree.at, f"{site.target}: `with` needs a path to an element")
            return None
        binding, present, block = bound
        names = {**site.scope.names, name: binding}
        scope = Scope(site.scope.variable, site.scope.root, names, site.scope.rows)
        return Within(scope, present, block)

    def _reached(self, tree: Tree, site: Site) -> tuple[Binding, str, Block] | None:
        """Return the binding of an element that the pass reaches, and its variable."""
        bound = self._alias(tree, site.scope.names) if isinstance(tree, Text) else None
        return None if bound is None else (bound, bound.branch.want_element(), [])

    def _above(self, tree: Tree, site: Site) -> tuple[Binding, str, Block] | None:
        """Return the binding of a segment that stands above, with the code that finds it."""
        found = self._path(tree, site.scope.names)
        if found is None or not found[1].steps or found[1].steps[0].axis is not Axis.ABOVE:
            return None
        assert isinstance(tree, Text)  # noqa: S101  # a path is spelt by nothing else
        code = Translator(self.unit, site.scope.names, 0, site.scope.where).translate(tree)
        if code.item is None:
            return None
        held = self.unit.name("n")
        return code.item(held), held, [f"{held} = {code.py}"]

    def _group(self, site: Site) -> Part:
        choices = self._choices(site)
        if not choices:
            return self._grouped(site)
        if site.required:
            self.unit.note(site.spec.items["with"].at, f"{site.target} is required: name one path")
        return first_of([self._grouped(_with(site, path)) for path in choices])

    def _choices(self, site: Site) -> tuple[Text, ...]:
        """Return the paths of which a group takes the first that is there, if it names several."""
        tree = site.spec.items.get("with")
        if not isinstance(tree, Text):
            return ()
        return self.alternatives.get(tree.value) or alternatives(tree)

    def _grouped(self, site: Site) -> Part:
        within = self._within(site)
        struct = site.kind.cls
        if within is None or struct is None or site.kind.name != "struct":
            if within is not None:
                self.unit.note(site.spec.at, f"{site.target} is {site.kind}, not a group of fields")
            return Part("None")
        scope = within.scope
        parts = self._parts(
            struct, self._group_fields(site.spec, site.target), scope, f"{site.target}."
        )
        raw: Block = [line for part in parts.values() for line in part.raw]
        convert: Block = [line for part in parts.values() for line in part.convert]
        presence = [name for part in parts.values() for name in part.presence]
        call = self._call(struct, parts)
        when = self._condition(site, scope)
        if site.required and when is None:
            return Part(call, [*within.block, *raw], convert, presence)
        value = self.unit.name("x")
        if within.present is not None:
            presence = [within.present]
            raw, convert = within.block, [*raw, *convert]
        tests = " or ".join(f"{name} is not None" for name in presence) or "True"
        condition = tests if when is None else f"({tests}) and {when}"
        block: Block = [f"if {condition}:", [*convert, f"{value} = {call}"], "else:",
                        [f"{value} = {self._constant(site.default)}"]]  # fmt: skip
        return Part(value, raw, block, presence)

    def _each(self, site: Site) -> Part:
        tree = site.spec.items["each"]
        variable = self.unit.name("e")
        found = self._listed(tree, site.scope.names, variable)
        if found is None or site.kind.item is None:
            what = (
                "needs a path to elements" if found is None else f"does not fit: it is {site.kind}"
            )
            self.unit.note(tree.at, f"{site.target}: `each` {what}")
            return Part("()")
        listed, bound, steps = found
        values = self.unit.name("y")
        row = ValueBinding(Code(f"(len({values}) + 1)", Kind("whole", optional=False)))
        names = {**site.scope.names, "row": row, site.spec.text("as") or "it": bound}
        scope = Scope(variable, bound.branch, names, (*site.scope.rows, values))
        value, block = self._item(site, scope)
        body = self._where(site, scope, [*block, f"{values}.append({value})"])
        result = self.unit.name("x")
        rows: Block = [
            f"{values} = []",
            *self._walked(listed, scope, body),
            f"{result} = tuple({values})",
        ]
        loop: Block = [f"if {listed}:", rows, "else:", [f"{result} = ()"]]
        if self._flag(site.spec, "required"):
            spot = self._spot(site, "each", Text("", tree.at), steps)
            loop += [f"if not {result}:", [f"run.missing({spot}, None, {site.scope.where})"]]
        present = self.unit.name("p")
        return Part(result, [f"{present} = {listed} or None"], loop, [present])

    def _walked(self, listed: str, scope: Scope, body: Block) -> Block:
        """Return the code that does what is in `body` for each of a list."""
        variable = scope.variable
        return [f"for {variable} in {listed}:", [*scope.root.single_pass(variable), *body]]

    def _where(self, site: Site, scope: Scope, block: Block) -> Block:
        tree = site.spec.items.get("where")
        if not isinstance(tree, Text):
            return block
        translator = Translator(self.unit, scope.names, 0, scope.where)
        return [f"if {translator.truth(translator.translate(tree))}:", block]

    def _item(self, site: Site, scope: Scope) -> tuple[str, Block]:
        """Return the value of one row, and the code before it."""
        item = site.kind.item or Kind("any")
        target = f"{site.target}[]"
        if item.name == "struct" and item.cls is not None:
            return self._struct(
                item.cls, self._group_fields(site.spec, target), scope, f"{target}."
            )
        inner = {
            key: tree
            for key, tree in site.spec.items.items()
            if key not in ("each", "as", "where", "required")
        }
        spec = Keyed(inner, site.spec.at, site.spec.keys)
        part = self._value(
            Site(spec, item, required=True, default=None, target=target, scope=scope)
        )
        return part.value, [*part.raw, *part.convert]

    def _collect(self, site: Site) -> Part:
        """Return the code of a list that is put together from several places."""
        result = self.unit.name("x")
        part = Part(f"tuple({result})", [], [f"{result} = []"])
        item = site.kind.item
        if item is None:
            self.unit.note(
                site.spec.at, f"{site.target}: `collect` does not fit: it is {site.kind}"
            )
            return Part("()")
        for key, tree in site.spec.pairs("collect"):
            spec = shorthand(tree)
            if spec is None:
                continue
            listed = "each" in spec.items
            kind = (
                site.kind
                if listed
                else Kind(item.name, optional=True, cls=item.cls, item=item.item)
            )
            found = Field(key, kind, required=False, default=() if listed else None)
            inner = self._field(
                found, spec, site.scope, f"{site.target}.{key}" if listed else f"{site.target}"
            )
            part.raw += inner.raw
            part.presence += inner.presence
            add: Block = [f"{result}.extend({inner.value})"]
            if not listed:
                add = [f"if {inner.value} is not None:", [f"{result}.append({inner.value})"]]
            part.convert += [*inner.convert, *add]
        return part

    def _texts(self, site: Site) -> Part:
        """Return the code of a list of texts that comes from one path."""
        tree = site.spec.items.get("from")
        found = self._path(tree, site.scope.names) if tree is not None else None
        if found is None or site.kind.item is None or site.kind.item.name != "text":
            self.unit.note(
                site.spec.at, f"{site.target} is {site.kind}: expected `each` or a path to texts"
            )
            return Part("()")
        assert isinstance(tree, Text)  # noqa: S101  # a path is spelt by nothing else
        try:
            code = Translator(self.unit, site.scope.names, 0, site.scope.where).texts(found[1])
        except ExpressionError as error:
            self.unit.mistake(tree, error)
            return Part("()")
        present = self.unit.name("p")
        return Part(f"tuple({present} or ())", [f"{present} = {code.py} or None"], [], [present])


def _with(site: Site, path: Text) -> Site:
    """Return `site` with one path to what its group is about."""
    spec = site.spec
    return replace(site, spec=Keyed({**spec.items, "with": path}, spec.at, spec.keys))
