"""Tell what is wrong in a configuration: where, what was found, what was expected, the way out.

pydantic reports all mistakes of a value at once, but in its own words and without a place. Here
each becomes one line, `partners/x/partner.yaml:7: retries: expected a whole number, found "many"`.
What may be a secret is never quoted: people paste the secret where its reference belongs.
"""

import difflib
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
"""Name a value inside a configuration: keys and list positions from the root."""

SECRET_KEYS: Final = frozenset(
    {"secrets", "external_secret", "token", "key", "password", "secret", "url"}
)
"""Keys whose value is not quoted; an address may carry a password before its host."""

_EXPECTED: Final[Mapping[str, str]] = {
    "int_parsing": "expected a whole number",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_parsing": "expected a number",
    "float_type": "expected a number",
    "finite_number": "expected a finite number",
    "decimal_parsing": "expected a decimal number such as 0.01",
    "decimal_type": "expected a decimal number such as 0.01",
    "bool_parsing": "expected yes or no",
    "bool_type": "expected yes or no",
    "string_type": "expected a text",
    "path_type": "expected a path",
    "tuple_type": "expected a list",
    "list_type": "expected a list",
    "dict_type": "expected a table of keys and values",
    "model_type": "expected a table of keys and values",
    "model_attributes_type": "expected a table of keys and values",
    "literal_error": "expected {expected}",
    "enum": "expected {expected}",
    "greater_than_equal": "expected at least {ge}",
    "greater_than": "expected more than {gt}",
    "less_than_equal": "expected at most {le}",
    "less_than": "expected less than {lt}",
    "string_pattern_mismatch": "expected a text of the form {pattern}",
    "string_too_short": "expected at least {min_length} character(s)",
    "string_too_long": "expected at most {max_length} characters",
    "too_short": "expected at least {min_length} entry",
    "too_long": "expected at most {max_length} entries",
}
"""Our words for each of pydantic's error types; the fields in braces are pydantic's context."""

_OF_THE_KIND: Final = frozenset({"union_tag_invalid", "union_tag_not_found"})
_NO_FOUND: Final = frozenset({"missing", "extra_forbidden"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Report one thing that is wrong in a configuration; `where` is `file:line`."""

    where: str
    path: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the line that a person reads."""
        subject = f"{self.where}: {self.path}: " if self.path else f"{self.where}: "
        return subject + self.what + (f" -- {self.hint}" if self.hint else "")


def explain(
    error: ValidationError, model: type[BaseModel], locate: Callable[[Path], str]
) -> list[Finding]:
    """Return a finding for each mistake in `error`; `locate` says where a path stands."""
    return [_finding(details, model, locate) for details in error.errors(include_url=False)]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word closest to `word`, or the known words."""
    choices = sorted(known)
    by_lower = {choice.lower(): choice for choice in choices}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean {by_lower[close[0]]}?"
    return f"known here: {', '.join(choices)}" if choices else ""


def dotted(path: Path) -> str:
    """Return `identities[0].domain` for a path."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _finding(
    details: ErrorDetails, model: type[BaseModel], locate: Callable[[Path], str]
) -> Finding:
    tagged = tuple(step for step in details["loc"] if step != "[key]")
    path = without_tags(model, tagged)
    kind, context = details["type"], details.get("ctx", {})
    if kind in _OF_THE_KIND:
        return _kind_finding(details, (*path, "kind"), locate)
    if kind == "extra_forbidden":
        known = fields_at(model, tagged[:-1])
        hint = nearest(str(path[-1]), known)
        return Finding(locate(path), dotted(path), "this key is not known here", hint)
    if kind == "missing":
        return Finding(locate(path), dotted(path), "this key is missing")
    if kind == "value_error":
        what = str(context["error"])
    else:
        template = _EXPECTED.get(kind)
        what = template.format(**context) if template else details["msg"]
    return Finding(locate(path), dotted(path), what + _found(kind, path, details["input"]))


def _kind_finding(details: ErrorDetails, path: Path, locate: Callable[[Path], str]) -> Finding:
    """Report a union's `kind` that no member has, where it stands, and not the table around it."""
    context = details.get("ctx", {})
    if details["type"] == "union_tag_not_found":
        return Finding(locate(path), dotted(path), "this key is missing")
    choices = " or ".join(str(context["expected_tags"]).split(", "))
    return Finding(
        locate(path), dotted(path), f'expected {choices}, found "{str(context["tag"])[:80]}"'
    )


def _found(kind: str, path: Path, value: object) -> str:
    if kind in _NO_FOUND or any(step in SECRET_KEYS for step in path):
        return ""
    if isinstance(value, dict):
        return ", found a table"
    if isinstance(value, list):
        return ", found a list"
    if value is None:
        return ", found nothing"
    text = str(value)
    return f', found "{text[:80]}{"..." if len(text) > 80 else ""}"'  # noqa: PLR2004 -- a line's worth


def fields_at(model: type[BaseModel], path: Path) -> set[str]:
    """Return the keys that `model` knows at `path`, through lists, options and unions.

    A `path` of pydantic's holds the kind of a union's member too: then only that member counts.
    """
    annotations: list[object] = [model]
    for step in path:
        annotations = _tagged(annotations, step) or [
            inner for outer in annotations for inner in _inside(outer, step)
        ]
    models = [part for outer in annotations for part in _parts(outer) if _is_model(part)]
    return {name for found in models for name in found.model_fields}


def without_tags(model: type[BaseModel], path: Path) -> Path:
    """Return `path` as it stands in the file: pydantic puts the kind of a union's member in."""
    annotations: list[object] = [model]
    kept: list[str | int] = []
    for step in path:
        if tagged := _tagged(annotations, step):
            annotations = tagged
            continue
        kept.append(step)
        annotations = [inner for outer in annotations for inner in _inside(outer, step)]
    return tuple(kept)


def _tagged(annotations: Iterable[object], step: str | int) -> list[object]:
    """Return the members of unions that `step` names by their kind."""
    return [part for outer in annotations for part in _parts(outer) if step == _tag(part) != ""]


def _inside(annotation: object, step: str | int) -> list[object]:
    """Return the annotations of what stands under `step`."""
    found: list[object] = []
    for part in _parts(annotation):
        if _is_model(part):
            if step in part.model_fields:
                found.append(part.model_fields[str(step)].annotation)
        elif get_origin(part) in {tuple, list, dict}:
            found.extend(get_args(part))
    return found


def _parts(annotation: object) -> list[object]:
    """Return the members of a union or option, without what only annotates them."""
    if hasattr(annotation, "__metadata__"):
        return _parts(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        return [part for member in get_args(annotation) for part in _parts(member)]
    return [annotation]


def _tag(annotation: object) -> str:
    """Return the `kind` that marks a member of a union, or nothing."""
    if _is_model(annotation) and "kind" in annotation.model_fields:
        choices = get_args(annotation.model_fields["kind"].annotation)
        return str(choices[0]) if choices else ""
    return ""


def _is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
