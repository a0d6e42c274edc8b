"""Lay a file over the one that it extends: tables merge by key, all else replaces, `!remove` takes.

What stands in the result still knows the file and line that said it. An override that meets nothing
is a mistake: a misspelt key, or the lower file has moved on.
"""

from collections.abc import Iterable
from typing import Final

from gateway.partners.marked import Data, Marked
from gateway.settings.findings import Path as KeyPath
from gateway.settings.findings import dotted, nearest
from mappings.engine.provenance import Keyed, Removal

EXTENDS: Final = "extends"


def layered(chain: Iterable[Marked]) -> Marked:
    """Return files as one, the lowest first; findings and places are those of all of them."""
    first, *others = chain
    made = Marked(first.file, dict(first.data), dict(first.places), list(first.findings))
    if first.tree is not None:
        made.data = _over({}, first.data, first.tree, (), made)
    for each in others:
        made.file = each.file
        made.findings += each.findings
        if each.tree is not None:
            made.data = _over(made.data, each.data, each.tree, (), made)
        made.places |= each.places
    made.data.pop(EXTENDS, None)
    return made


def _over(below: Data, above: Data, tree: Keyed, path: KeyPath, made: Marked) -> Data:
    """Return `above`, as `tree` spells it, over `below`."""
    merged = dict(below)
    for key, spelt in tree.items.items():
        here = (*path, key)
        if isinstance(spelt, Removal):
            if key not in merged:
                hint = nearest(key, tuple(merged))
                made.report(
                    f"{dotted(here)}: there is nothing to remove" + (f" -- {hint}" if hint else ""),
                    tree.keys[key].line,
                )
            merged.pop(key, None)
            _forget(here, made)
            continue
        value, beneath = above[key], merged.get(key)
        if isinstance(value, dict) and isinstance(spelt, Keyed):
            merged[key] = _over(
                beneath if isinstance(beneath, dict) else {}, value, spelt, here, made
            )
        else:
            merged[key] = value
    return merged


def _forget(path: KeyPath, made: Marked) -> None:
    """Forget where what was removed stood."""
    for place in [one for one in made.places if one[: len(path)] == path]:
        del made.places[place]
