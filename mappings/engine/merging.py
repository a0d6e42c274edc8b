"""Merge an overlay over the mapping that it extends.

Every list of steps is a keyed map, so an override names `lines.uom` and never an index. Order is
the base's order; new keys come last, or behind the one that `after:` names. A scalar where
the base has a group replaces it whole; `!remove` takes away. An override that meets nothing is
reported: it is a spelling mistake, or the base has moved on.
"""

from typing import Final

from mappings.engine.provenance import Finding, Keyed, Removal, Text, Tree, finding

SHORTHAND: Final = "from"
WHOLE: Final = frozenset({"map", "attributes"})
"""Keys whose entries may appear without a counterpart in the base."""

SOURCES: Final = frozenset(
    {"from", "each", "with", "fields", "const", "text", "raw", "children", "use", "attributes",
     "that", "element", "group", "collect", "elements", "segments"}
)  # fmt: skip
"""Keys that make an entry complete by itself: it says where its value comes from."""


def merged(base: Keyed, overlay: Keyed, findings: list[Finding]) -> Keyed:
    """Return `overlay` laid over `base`; what overrides nothing is added to `findings`."""
    return _merge(base, overlay, findings, trail="")


def _merge(base: Keyed, overlay: Keyed, findings: list[Finding], trail: str) -> Keyed:
    items = dict(base.items)
    keys = dict(base.keys)
    for key, value in overlay.items.items():
        place = overlay.keys[key]
        known = items.get(key)
        if isinstance(value, Removal):
            if known is None:
                message = f"!remove of {trail}{key}: the base has no such key"
                findings.append(finding(place, message, severity="warning"))
            items.pop(key, None)
            continue
        if known is None and _dead(value, trail):
            message = f"{trail}{key} overrides nothing and says not where its value comes from"
            findings.append(finding(place, message, severity="warning"))
            continue
        items[key] = _combined(known, value, findings, f"{trail}{key}.")
        keys[key] = place if known is None or not isinstance(value, Keyed) else keys[key]
    return Keyed(_ordered(items, overlay), base.at, keys)


def _combined(known: Tree | None, value: Tree, findings: list[Finding], trail: str) -> Tree:
    if isinstance(known, Text) and isinstance(value, Keyed) and not SOURCES & value.items.keys():
        known = Keyed({SHORTHAND: known}, known.at, {SHORTHAND: known.at})
    if isinstance(known, Keyed) and isinstance(value, Keyed):
        return _merge(known, value, findings, trail)
    return value


def _dead(value: Tree, trail: str) -> bool:
    inside = trail.rstrip(".").rpartition(".")[2]
    return (
        inside in {"fields", "children", "checks", "segments"}
        and isinstance(value, Keyed)
        and bool(value.items)
        and not SOURCES & value.items.keys()
        and not any(key[:1].isdigit() for key in value.items)
    )


def _ordered(items: dict[str, Tree], overlay: Keyed) -> dict[str, Tree]:
    """Move the overlay's keys behind the ones that their `after:` names."""
    for key, value in overlay.items.items():
        anchor = value.text("after") if isinstance(value, Keyed) else None
        if anchor is None or key not in items or anchor not in items or anchor == key:
            continue
        moved = items.pop(key)
        names = list(items)
        position = names.index(anchor) + 1
        pairs = list(items.items())
        pairs.insert(position, (key, moved))
        items = dict(pairs)
    return items
