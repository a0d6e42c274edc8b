"""Put a partner's guide over a schema: what he wants otherwise than the file's own description.

A schema becomes a directory for that, is overlaid as any other, and what came of it goes back into
its records and fields. Positions, masks and signs are the file's and stay as they are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from edi.flatfile.schema import FLAT, Field, Record, Schema
from edi.guides import Guide, Rule, Wrong
from edi.overlay import Overlaid, overlaid
from edi.places import ANYWHERE, read_path
from edi.schema import Directory, Element, Entry, Use

_QUALIFIED: Final = "the records of a flat file have types and no qualifiers"


def applies(guide: Guide, schema: Schema) -> bool:
    """Tell whether a guide is made for a schema, named with its owner or without."""
    return guide.edition in {schema.key, schema.name}


def guided(schema: Schema, guide: Guide) -> tuple[Schema, tuple[Wrong, ...]]:
    """Return a schema as a guide wants it, with everything in the guide that has no place."""
    is_field = _field_names(schema)
    plain = schema.directory
    directory = Directory(guide.edition, {schema.name: schema.table}, plain.segments, plain.source)
    over = overlaid(directory, guide, FLAT, is_field)
    rules = guide.messages[schema.name].rules if schema.name in guide.messages else ()
    qualified = [
        Wrong(rule.keys, _QUALIFIED)
        for rule in rules
        if (path := read_path(rule.path, is_field)) is not None and path.qualified
    ]
    told = qualified or over.wrong
    if not applies(guide, schema):
        told = (Wrong(("edition",), f"the guide is made for {guide.edition}, not {schema.key}"),)
    records, wrong = _records(schema, over, (*rules, *guide.codes))
    made = replace(
        schema,
        records=records,
        over=over.layer(schema.name),
        severities={**schema.severities, **_severities(guide, schema)},
    )
    return made, (*told, *wrong)


def _field_names(schema: Schema) -> Callable[[str], bool]:
    """Return what tells fields from records in paths; a misspelt name is what it looks like."""
    tags = schema.by_tag
    fields = {one.name for record in schema.records for one in record.fields}

    def is_field(name: str) -> bool:
        if name in tags or name == ANYWHERE:
            return False
        near = get_close_matches(name, [*tags, *fields], n=1)
        return name in fields or (bool(near) and near[0] in fields)

    return is_field


def _severities(guide: Guide, schema: Schema) -> dict[str, str]:
    own = guide.messages.get(schema.name)
    return {**guide.severities, **(own.severities if own is not None else {})}


def _records(
    schema: Schema, over: Overlaid, rules: Sequence[Rule]
) -> tuple[tuple[Record, ...], list[Wrong]]:
    """Return the records as the overlaid directory has them, and what fields cannot be."""
    before = {entry.tag: entry for entry in schema.table.walk()}
    after = {entry.tag: entry for entry in over.directory.messages[schema.name].walk()}
    made: list[Record] = []
    wrong: list[Wrong] = []
    for record in schema.records:
        entry = after.get(record.tag)
        if entry is None:
            made.append(replace(record, repeats=0))
            continue
        segment = entry.segment or over.directory.segments[record.tag]
        fields = tuple(map(_field, record.fields, segment.uses))
        for old, new in zip(record.fields, fields, strict=True):
            wrong += _spelt_otherwise(old, new, rules)
        made.append(_record(record, before[record.tag], entry, fields))
    return tuple(made), wrong


def _record(record: Record, old: Entry, new: Entry, fields: tuple[Field, ...]) -> Record:
    repeats = record.repeats if new.repeats == old.repeats else new.repeats
    return replace(record, required=new.mandatory, repeats=repeats, fields=fields)


def _field(field: Field, use: Use) -> Field:
    element = use.of if isinstance(use.of, Element) else field.element
    return replace(field, element=element, required=use.mandatory, forbidden=use.forbidden)


def _spelt_otherwise(old: Field, new: Field, rules: Sequence[Rule]) -> Iterator[Wrong]:
    """Give what a guide wants of a field and its spelling in the file does not let it have."""
    if old.mask and new.element != old.element:
        what = f"{old.name} is a date as {old.mask}: it has no other form, length or codes"
    elif old.number and (new.element.codes, new.element.format) != (None, old.element.format):
        what = f"{old.name} is a number: it has no codes and no other form"
    else:
        return
    rule = next((one for one in rules if one.path.rpartition("/")[2] == old.name), None)
    yield Wrong(("messages",) if rule is None else rule.keys, what)
