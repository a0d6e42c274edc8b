"""Judge UBL documents by the installed XSD and rule sets.

Both are found in the index by what they are, not by their file names; of several editions of one
rule set the highest counts. Each is read when it is first needed and then kept.
"""

from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Final

from lxml import etree

from canonical.faults import Fault, Place
from gateway.standards.frames import Failure
from gateway.standards.index import FOLDER, Item, installed
from gateway.standards.rules import RuleProcess, RulesError, rules_available
from protocols import xml
from protocols.cxml.schemas import version_key
from protocols.schematron import compile_rules
from protocols.ubl.faults import fault
from protocols.ubl.vocabulary import DocumentType
from protocols.xsd import Xsd

_WARNINGS: Final = frozenset({"warning", "information", "info"})


class UblJudge:
    """Implement `protocols.ubl.judging.Judge` over a workspace."""

    def __init__(self, workspace: Path, rules: RuleProcess | None = None) -> None:
        """Read nothing yet; `rules` runs the rule sets."""
        self._workspace = workspace
        self._rules = rules or RuleProcess()
        self._lock = Lock()
        self._schemas: dict[tuple[str, str], Xsd | tuple[Fault, ...]] = {}
        self._sheets: dict[str, str] = {}

    def judge(self, content: bytes, kind: DocumentType) -> tuple[Fault, ...]:
        """Return what the XSD, and after it the rules, have against a document."""
        parsed = xml.parse(content)
        if parsed.root is None:
            return parsed.faults
        schema = self._schema(kind)
        found = schema.validate(parsed.root) if isinstance(schema, Xsd) else schema
        return found or self._by_rules(kind, parsed.root)

    def lacks(self, kind: DocumentType) -> tuple[str, ...]:
        """Return what is missing to judge documents of this kind: `xsd`, `rules`, `saxon`."""
        lacking = []
        if (kind.namespace, kind.version) not in self._xsd_items:
            lacking.append("xsd")
        if kind.rules not in self._rule_items:
            lacking.append("rules")
        elif not rules_available():
            lacking.append("saxon")
        return tuple(lacking)

    def close(self) -> None:
        """End the rule process."""
        self._rules.close()

    @cached_property
    def _items(self) -> tuple[Item, ...]:
        return installed(self._workspace)

    @cached_property
    def _xsd_items(self) -> Mapping[tuple[str, str], Item]:
        return {(one.name, one.version): one for one in self._items if one.kind == "xsd"}

    @cached_property
    def _rule_items(self) -> Mapping[str, Item]:
        """Return the newest rule set by the transaction that its name begins with."""
        found = [one for one in self._items if one.kind == "schematron"]
        found.sort(key=lambda one: (version_key(one.version), one.path))
        return {one.name.partition(" ")[0]: one for one in found}

    def _schema(self, kind: DocumentType) -> Xsd | tuple[Fault, ...]:
        """Return the schema of a document; nothing, or XML-030, where there is none to use."""
        key = (kind.namespace, kind.version)
        with self._lock:
            if key not in self._schemas:
                self._schemas[key] = self._loaded(self._xsd_items.get(key))
            return self._schemas[key]

    def _loaded(self, item: Item | None) -> Xsd | tuple[Fault, ...]:
        """Return a schema with all that it imports."""
        if item is None:
            return ()
        try:
            return Xsd(partial(etree.XMLSchema, file=str(self._path(item))))
        except (etree.XMLSchemaParseError, OSError) as error:
            return (xml.fault("XML-030", f"the schema cannot be loaded: {error}"[:300]),)

    def _path(self, item: Item) -> Path:
        return self._workspace / FOLDER / item.path

    def _by_rules(self, kind: DocumentType, root: xml.Element) -> tuple[Fault, ...]:
        item = self._rule_items.get(kind.rules)
        if item is None or not rules_available():
            return ()
        document = etree.tostring(root, encoding="utf-8")
        try:
            failures = self._rules.judge(kind.rules, self._sheet(item), document)
        except RulesError as error:
            return (fault("UBL-032", f"{item.path}: {error}"[:300]),)
        return tuple(map(_fault, failures))

    def _sheet(self, item: Item) -> str:
        """Return the rules as a stylesheet; RulesError when the file is not what it was."""
        with self._lock:
            sheet = self._sheets.get(item.path)
            if sheet is None:
                try:
                    rules = compile_rules(self._path(item).read_bytes())
                except OSError as error:
                    message = f"the file is gone ({error.strerror})"
                    raise RulesError(message) from error
                if rules.problem:
                    raise RulesError(rules.problem)
                sheet = self._sheets[item.path] = rules.stylesheet
            return sheet


def _fault(failure: Failure) -> Fault:
    """Return the fault for a broken rule; its own name leads, for that is what Peppol documents."""
    code = "UBL-031" if failure.flag.lower() in _WARNINGS else "UBL-030"
    text = failure.text
    message = text if failure.rule in text else f"[{failure.rule}] {text}"
    return fault(code, message[:500], place=Place(path=_place(failure.place)))


def _place(path: str) -> str | None:
    """Return an XPath of SaxonC (`/Q{urn:...}Catalogue[1]/Q{...}ID[1]`) as people read it."""
    steps = [step.rpartition("}")[2] for step in path.split("/Q{")]
    return "/".join(step.removesuffix("[1]") for step in steps[2:]) or None
