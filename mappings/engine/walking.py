"""Walk syntax trees by name on the slow path, and say where an element stands.

A step takes the first element of its name (or the one that an index or predicate names); only
the last step of a list gives them all.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, cast

from canonical.amounts import decimal_of
from canonical.faults import Place
from canonical.wire import Node
from mappings.engine.expressions import Step

XML_NAMESPACE: Final = "{http://www.w3.org/XML/1998/namespace}"

Walk = tuple[tuple[str, bool, int, tuple[str, str] | None], ...]
"""Steps to walk: name, whether it is an attribute, index, predicate."""


def is_element(node: Node) -> bool:
    """Tell an element from the comments that some trees keep among them."""
    tag: object = node.tag
    return isinstance(tag, str)


def clark(name: str) -> str:
    """Return the name that trees use for `xml:lang`; others stand as they are."""
    return XML_NAMESPACE + name[4:] if name.startswith("xml:") else name


def walkable(steps: Sequence[Step]) -> Walk:
    """Return `steps` in the form that `walk` takes."""
    return tuple(
        (clark(step.name), step.attribute, step.index or 0,
         (clark(step.predicate[0]), step.predicate[1]) if step.predicate else None)
        for step in steps
    )  # fmt: skip


def _children(node: Node, name: str, predicate: tuple[str, str] | None) -> list[Node]:
    return [
        child
        for child in node
        if child.tag == name and (predicate is None or child.get(predicate[0]) == predicate[1])
    ]


def deepest(node: Node, steps: Walk) -> tuple[Node, int]:
    """Return the element that `steps` reaches from `node`, and how many steps it took."""
    taken = 0
    for name, attribute, index, predicate in steps:
        if attribute:
            break
        found = _children(node, name, predicate)
        if index >= len(found):
            break
        node = found[index]
        taken += 1
    return node, taken


def walk(node: Node, steps: Walk) -> str | None:
    """Return the value at `steps` below `node`, trimmed, or None."""
    reached, taken = deepest(node, steps)
    rest = steps[taken:]
    if not rest:
        value = reached.text
    elif len(rest) == 1 and rest[0][1]:
        value = reached.get(rest[0][0])
    else:
        value = None
    return (value.strip() or None) if value else None


def walk_all(node: Node, steps: Walk) -> list[Node]:
    """Return every element at `steps` below `node`; all steps but the last take the first."""
    reached, taken = deepest(node, steps[:-1])
    if not steps or taken < len(steps) - 1:
        return []
    return _children(reached, steps[-1][0], steps[-1][3])


def texts_of(nodes: Iterable[Node]) -> list[str]:
    """Return the trimmed texts of elements, without the blank ones."""
    return [text for node in nodes if (text := (node.text or "").strip())]


def attributes_of(nodes: Iterable[Node], name: str) -> list[str]:
    """Return one attribute of each element, trimmed, without the blank ones."""
    return [text for node in nodes if (text := (node.get(name) or "").strip())]


def own_text(node: Node | None) -> str | None:
    """Return an element's text around its children, white space between words as one blank."""
    if node is None:
        return None
    parts = [node.text or "", *(child.tail or "" for child in node)]
    return " ".join(" ".join(parts).split()) or None if len(parts) > 1 else parts[0].strip() or None


def spelt(steps: Walk) -> str:
    """Return steps as a path that people read: `Contact[@role='x']/@addressID`."""
    return "/".join(
        ("@" if attribute else "") + short(name)
        + (f"[{index + 1}]" if index else "")
        + (f"[@{short(predicate[0])}='{predicate[1]}']" if predicate else "")
        for name, attribute, index, predicate in steps
    )  # fmt: skip


def short(name: str) -> str:
    """Return a name as documents write it: `xml:lang`."""
    return name.replace(XML_NAMESPACE, "xml:")


def walked(root: Node) -> Iterable[tuple[Node, str]]:
    """Walk the tree in document order, with the path below the root of each element."""
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, path = waiting.pop()
        yield node, path
        children = [child for child in node if is_element(child)]
        counts: dict[str, int] = {}
        for child in children:
            counts[child.tag] = counts.get(child.tag, 0) + 1
        seen: dict[str, int] = {}
        entries: list[tuple[Node, str]] = []
        for child in children:
            seen[child.tag] = number = seen.get(child.tag, 0) + 1
            name = short(child.tag) + (f"[{number}]" if counts[child.tag] > 1 else "")
            entries.append((child, f"{path}/{name}" if path else name))
        waiting.extend(reversed(entries))


class ElementGround:
    """Know trees of elements; see `running.Ground`."""

    def number(self, text: str) -> Decimal | None:
        """Return the decimal that a text spells with a dot."""
        return decimal_of(text)

    def line(self, _tree: object, node: object, steps: Walk) -> int | None:
        """Return the line of the deepest element on the way."""
        return deepest(cast("Node", node), steps)[0].sourceline  # generated code gives nodes

    def places(
        self, tree: object, wanted: Sequence[tuple[object | None, Walk]]
    ) -> list[Place | None]:
        """Return the place of each, walking the tree once."""
        root = cast("Node", tree)
        numbers: dict[int, list[int]] = {}
        rests: list[str] = []
        held: list[Node] = []  # lxml makes a node anew, with another id, unless somebody holds it
        for number, (node, steps) in enumerate(wanted):
            reached, taken = deepest(cast("Node", node), steps) if node is not None else (root, 0)
            held.append(reached)
            rests.append(spelt(steps[taken:]))
            if node is not None:
                numbers.setdefault(id(reached), []).append(number)
        places: list[Place | None] = [None] * len(wanted)
        for node, path in walked(root):
            for number in numbers.get(id(node), ()):
                full = "/".join(filter(None, (path, rests[number])))
                places[number] = Place(line=node.sourceline, path=full or None)
        return places
