"""Turn Schematron rules into XSLT 3 that names what a document breaks, and nothing else.

ISO/IEC 19757-3: within a pattern the first rule whose context matches a node is the only one that
counts there. So each pattern becomes a mode, each rule a template whose priority falls with its
place. The official skeleton also reports every rule that held; leaving that away makes it a third
faster. What the rule sets met do not use (abstract patterns, includes) is refused, not ignored.

The result is a `failures` element with a `failure` for each: `rule`, `flag`, `place`, the words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from protocols.xml import Element, escape_attribute, escape_text, parse

SCHEMATRON: Final = "http://purl.oclc.org/dsdl/schematron"
XSLT: Final = "http://www.w3.org/1999/XSL/Transform"

_SCH: Final = f"{{{SCHEMATRON}}}"
_XSL: Final = f"{{{XSLT}}}"
_BINDINGS: Final = frozenset({"", "xslt", "xslt1", "xslt2", "xslt3", "xpath2", "xpath3"})
_UNSUPPORTED: Final = ("include", "extends")
_LITERAL: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_PREDICATE: Final = re.compile(r"\[[^\[\]]*\]")
_TEXT_NODES: Final = re.compile(r"\b(?:text|node|comment|processing-instruction)\s*\(|attribute::")
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")
_CODE: Final = re.compile(r"\bPEPPOL-(T\d{1,4})-")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Hold rules that can be run, or in `problem` why they cannot.

    `code` is the transaction of Peppol that they are for (`T77`), where their names say so.
    """

    title: str = ""
    code: str = ""
    stylesheet: str = ""
    problem: str = ""


class _Unusable(Exception):  # noqa: N818 -- carries a sentence out of the walk, not an error
    """Carry why rules cannot be used."""


def compile_rules(content: bytes) -> RuleSet:
    """Return the rules in `content`, the bytes of a `.sch` file; never raises."""
    parsed = parse(content)
    if parsed.root is None:
        return RuleSet(problem=f"{parsed.faults[-1].code} {parsed.faults[-1].message}")
    root = parsed.root
    title = " ".join((root.findtext(f"{_SCH}title") or "").split())[:200]
    try:
        stylesheet = _stylesheet(root)
    except _Unusable as reason:
        return RuleSet(title=title, problem=str(reason))
    code = _CODE.search(stylesheet)
    return RuleSet(title, code[1] if code else "", stylesheet)


def _stylesheet(root: Element) -> str:
    if root.tag != f"{_SCH}schema":
        message = f"the root element is {root.tag}, not a Schematron schema"
        raise _Unusable(message)
    binding = (root.get("queryBinding") or "").lower()
    if binding not in _BINDINGS:
        message = f"the query language {binding} is not understood"
        raise _Unusable(message)
    for element in root.iter(*(f"{_SCH}{name}" for name in _UNSUPPORTED)):
        message = f"line {element.sourceline}: {element.tag.rpartition('}')[2]} is not supported"
        raise _Unusable(message)
    patterns = root.findall(f"{_SCH}pattern")
    parts = [
        *_foreign(root),
        *_globals(root, patterns),
        _entry(len(patterns)),
        *(_pattern(pattern, f"p{number}") for number, pattern in enumerate(patterns)),
    ]
    spaces = "".join(f' xmlns:{prefix}="{escape_attribute(uri)}"' for prefix, uri in _spaces(root))
    return (
        f'<xsl:stylesheet version="3.0" xmlns:xsl="{XSLT}"{spaces} '
        f'expand-text="no">{"".join(parts)}</xsl:stylesheet>'
    )


def _spaces(root: Element) -> Iterator[tuple[str, str]]:
    """Give the prefixes that paths may use: those declared with `ns`, then those of the file."""
    declared = {ns.get("prefix") or "": ns.get("uri") or "" for ns in root.findall(f"{_SCH}ns")}
    for prefix, uri in (root.nsmap | declared).items():
        if prefix and uri not in (XSLT, SCHEMATRON):
            if not _NAME.fullmatch(prefix):
                message = f"{prefix!r} is no prefix"
                raise _Unusable(message)
            yield prefix, uri


def _foreign(root: Element) -> Iterator[str]:
    """Give the functions and keys of XSLT that the rules bring along."""
    for child in root:
        if str(child.tag).startswith(_XSL):
            yield _copied(child)


def _copied(element: Element) -> str:
    """Return an element of XSLT as it stands; its prefixes are declared on the stylesheet."""
    tag = str(element.tag)
    if not tag.startswith(_XSL):
        message = f"line {element.sourceline}: {tag} inside XSLT is not supported"
        raise _Unusable(message)
    attributes = "".join(
        f' {name!s}="{escape_attribute(str(value))}"' for name, value in element.attrib.items()
    )
    inner = escape_text(element.text or "") + "".join(
        _copied(child) + escape_text(child.tail or "") for child in element
    )
    return f"<xsl:{tag.removeprefix(_XSL)}{attributes}>{inner}</xsl:{tag.removeprefix(_XSL)}>"


def _globals(root: Element, patterns: Iterable[Element]) -> Iterator[str]:
    """Give the variables of the schema and its patterns, which all rules share.

    Two patterns may not mean different things by one name: they would need a scope each.
    """
    known: dict[str, str] = {}
    for parent in (root, *patterns):
        for let in parent.findall(f"{_SCH}let"):
            name, written = let.get("name") or "", _variable(let)
            if known.setdefault(name, written) is not written:
                if known[name] != written:
                    message = f"line {let.sourceline}: the variable {name} has two meanings"
                    raise _Unusable(message)
                continue
            yield written


def _variable(let: Element) -> str:
    name, value = let.get("name") or "", let.get("value")
    if not _NAME.fullmatch(name) or value is None:
        message = f"line {let.sourceline}: a let needs a name and a value"
        raise _Unusable(message)
    return f'<xsl:variable name="{name}" select="{escape_attribute(value)}"/>'


def _entry(patterns: int) -> str:
    calls = "".join(
        f'<xsl:apply-templates select="/" mode="p{number}"/>' for number in range(patterns)
    )
    return f'<xsl:template match="/"><failures>{calls}</failures></xsl:template>'


def _pattern(pattern: Element, mode: str) -> str:
    """Return a mode that walks the whole document once."""
    if pattern.get("abstract") == "true" or pattern.get("is-a"):
        message = f"line {pattern.sourceline}: abstract patterns are not supported"
        raise _Unusable(message)
    rules = pattern.findall(f"{_SCH}rule")
    walk = _walk([rule.get("context") or "" for rule in rules])
    templates = (
        _rule(rule, mode, priority=len(rules) - number, walk=walk)
        for number, rule in enumerate(rules)
    )
    onward = f'<xsl:apply-templates select="{walk}" mode="{mode}"/>'
    rest = f'<xsl:template match="/|@*|node()" mode="{mode}" priority="0">{onward}</xsl:template>'
    return "".join((*templates, rest))


def _walk(contexts: Iterable[str]) -> str:
    """Return which children a pattern looks at: attributes and texts only where a context is one.

    What stands in a predicate is looked up, not walked to.
    """
    paths = _LITERAL.sub("", " ".join(contexts))
    while (shorter := _PREDICATE.sub("", paths)) != paths:
        paths = shorter
    return "@*|node()" if _TEXT_NODES.search(paths) else "@*|*" if "@" in paths else "*"


def _rule(rule: Element, mode: str, *, priority: int, walk: str) -> str:
    context = rule.get("context")
    if context is None or rule.get("abstract") == "true":
        message = f"line {rule.sourceline}: a rule needs a context"
        raise _Unusable(message)
    variables = "".join(_variable(let) for let in rule.findall(f"{_SCH}let"))
    tests = "".join(_test(test) for test in rule if test.tag in (f"{_SCH}assert", f"{_SCH}report"))
    return (
        f'<xsl:template match="{escape_attribute(context)}" mode="{mode}" priority="{priority}">'
        f'{variables}{tests}<xsl:apply-templates select="{walk}" mode="{mode}"/></xsl:template>'
    )


def _test(test: Element) -> str:
    """Return what names a failure: an assertion that does not hold, a report that does."""
    condition = test.get("test")
    if condition is None:
        message = f"line {test.sourceline}: an assertion without test"
        raise _Unusable(message)
    wanted = condition if test.tag == f"{_SCH}report" else f"not({condition})"
    flag = test.get("flag") or test.get("role") or "fatal"
    return (
        f'<xsl:if test="{escape_attribute(wanted)}">'
        f'<failure rule="{_literal(test.get("id") or "")}" flag="{_literal(flag)}" '
        f'place="{{path()}}">{_words(test)}</failure></xsl:if>'
    )


def _words(element: Element) -> str:
    """Return the sentence of an assertion, with the values that it quotes."""
    parts = [_said(element.text)]
    for child in element:
        if child.tag == f"{_SCH}value-of":
            parts.append(_value_of(child.get("select") or "."))
        elif child.tag == f"{_SCH}name":
            parts.append(_value_of(child.get("path") or "name()"))
        else:
            parts.append(_words(child))
        parts.append(_said(child.tail))
    return "".join(parts)


def _value_of(path: str) -> str:
    return f'<xsl:value-of select="{escape_attribute(path)}"/>'


def _said(text: str | None) -> str:
    return f"<xsl:text>{escape_text(text)}</xsl:text>" if text else ""


def _literal(text: str) -> str:
    """Return text for an attribute in which XSLT would take braces for a path."""
    return escape_attribute(text).replace("{", "{{").replace("}", "}}")
