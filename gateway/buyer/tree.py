"""Walk a syntax tree the way a judge does: tolerant of what is missing, exact about where it is.

The judge reads the message itself and not the mapped cart: a second pair of eyes that shares no
mapping with the side it judges.
"""

from collections.abc import Iterator

from canonical.wire import Node


def children(node: Node | None, name: str) -> tuple[Node, ...]:
    """Return the child elements of that name, in any namespace; none of a missing node."""
    if node is None:
        return ()
    return tuple(child for child in node if str(child.tag).rpartition("}")[2] == name)


def at(node: Node | None, path: str) -> Node | None:
    """Return the first element at `path` (`ItemID/SupplierPartID`), or None."""
    for name in path.split("/"):
        node = next(iter(children(node, name)), None)
    return node


def nearest(node: Node, path: str) -> Node:
    """Return the element at `path`, or the deepest one that is there of those leading to it."""
    for name in path.partition("@")[0].rstrip("/").split("/"):
        step = next(iter(children(node, name)), None)
        if step is None:
            return node
        node = step
    return node


def text_at(node: Node | None, path: str) -> str | None:
    """Return the stripped text at `path`, tails of its children included; None when empty."""
    element = at(node, path)
    if element is None:
        return None
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    return "".join(pieces).strip() or None


def line_of(node: Node | None) -> int | None:
    """Return the line that a node begins on."""
    return None if node is None else node.sourceline


def everything(node: Node, path: str = "") -> Iterator[tuple[Node, str]]:
    """Yield each element below `node` with its path; comments have no name and are left out."""
    for child in node:
        if isinstance(child.tag, str):
            here = f"{path}/{child.tag}" if path else child.tag
            yield child, here
            yield from everything(child, here)
