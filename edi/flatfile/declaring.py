"""Read a schema: data that says what one kind of flat file looks like.

    flat: Orders, semicolon separated
    charset: cp1252
    delimiter: ";"
    decimal: ","
    type: {column: 1}
    message: head
    records:
      head:
        type: H
        fields:
          order_number: {format: an..35, required: yes}
          ordered: {date: YYYY-MM-DD, name: {en: order date, sv: orderdatum}}
      line:
        type: L
        parent: head
        fields: {sku: an..35, quantity: {format: n..9, decimals: ..3, required: yes}}

Without `delimiter` fields have fixed positions (`start`, `length`). Everything is text, as
configuration is read here; who reads the file says where each key stands. All mistakes are told at
once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from edi.flatfile.charsets import CHARSETS, charset_of
from edi.flatfile.schema import WHOLE, Count, Field, Record, Schema
from edi.flatfile.values import PIECE
from edi.guides import WEIGHTS, Keys, Value, Wrong
from edi.schema import UNLIMITED, Element, Format

_TOP: Final = (
    "flat", "charset", "byte_order_mark", "delimiter", "quote", "escape", "quoting", "headings",
    "trailing_delimiter", "line_end", "decimal", "thousands", "type", "message", "together",
    "empty", "counts", "severities", "records", "note",
)  # fmt: skip
_RECORD: Final = ("type", "parent", "required", "repeats", "fields", "note")
_FIELD: Final = (
    "format", "required", "forbidden", "column", "heading", "start", "length", "justify", "fill",
    "decimals", "implied", "date", "codes", "void", "name", "severity", "note",
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_FORMAT: Final = re.compile(r"(an|a|n)(?:(\d{1,4})?(\.\.))?(\d{1,5})")
_DECIMALS: Final = re.compile(r"(\.\.)?(\d)")
_CODE: Final = re.compile(r"FLAT-\d{3}")
_LANGUAGES: Final = ("en", "sv")
_ENDS: Final = {"crlf": "\r\n", "lf": "\n"}
_WORDS: Final = {"tab": "\t", "none": "", "space": " "}


def read_schema(
    data: Mapping[str, Value], name: str, where: Callable[[Keys], str], owner: str = ""
) -> tuple[Schema, tuple[Wrong, ...]]:
    """Return the schema that `data` says and all that is wrong with it; `where` gives `file:line`.

    `name` is what mappings call it, `owner` the partner whose own it is. A schema with mistakes is
    not for use.
    """
    reader = _Reader(data, where)
    schema = reader.schema(name, owner)
    return schema, tuple(reader.wrong)


class _Reader:
    """Read the parts of one schema, noting every mistake."""

    def __init__(self, data: Mapping[str, Value], where: Callable[[Keys], str]) -> None:
        self.data: Final = data
        self.where: Final = where
        self.wrong: Final[list[Wrong]] = []
        self.delimiter = self.sign(("delimiter",), data.get("delimiter"))
        self.type = self.table(("type",), data.get("type"))
        self.type_column = self.number(("type", "column"), self.type.get("column"), 0)

    def schema(self, name: str, owner: str) -> Schema:
        data = self.data
        self.known((), data, _TOP)
        if not isinstance(data.get("flat"), str):
            self.say(("flat",), "this key is missing; it says in words what the file is")
        self.known(("type",), self.type, ("column", "heading", "start", "length"))
        headings = self.yes(("headings",), data.get("headings"))
        quote = self.sign(("quote",), data.get("quote", '"' if self.delimiter else "none"))
        charset = charset_of(str(data.get("charset", "UTF-8")))
        if charset is None:
            self.say(("charset",), f"expected one of {', '.join(CHARSETS)}, "
                                   f"found {_shown(data.get('charset'))}")  # fmt: skip
        made = Schema(
            name=name,
            owner=owner,
            title=str(data.get("flat") or ""),
            records=self.records(),
            message=str(data.get("message") or WHOLE),
            together=self.number(("together",), data.get("together"), 1),
            delimiter=self.delimiter,
            quote=quote,
            escape=self.sign(("escape",), data.get("escape", "none")),
            quote_all=self.word(("quoting",), ("needed", "all")) == "all",
            headings=headings,
            trailing=self.yes(("trailing_delimiter",), data.get("trailing_delimiter")),
            line_end=_ENDS[self.word(("line_end",), tuple(_ENDS))],
            charset=charset or "UTF-8",
            mark=self.yes(("byte_order_mark",), data.get("byte_order_mark")),
            decimal=self.word(("decimal",), (".", ",")),
            thousands=self.sign(("thousands",), data.get("thousands", "none")),
            type_column=self.type_column,
            type_title=str(self.type.get("heading") or ""),
            type_start=self.number(("type", "start"), self.type.get("start"), 0),
            type_width=self.number(("type", "length"), self.type.get("length"), 0),
            empty=self.word(("empty",), ("error", "list")) == "list",
            counts=self.counts(),
            severities=self.severities(),
            at=self.where(("records",)).partition(":")[0],
        )
        self.agree(made)
        return made

    # Records and fields.

    def records(self) -> tuple[Record, ...]:
        found = []
        message = self.text(("message",), WHOLE)
        for tag, value in self.table(("records",), self.data.get("records")).items():
            keys: Keys = ("records", tag)
            self.named(keys, tag)
            data = self.table(keys, value)
            self.known(keys, data, _RECORD)
            around = message not in (WHOLE, tag) and not data.get("parent")
            found.append(
                Record(
                    tag,
                    self.fields((*keys, "fields"), data.get("fields")),
                    str(data.get("type") or ""),
                    str(data.get("parent") or ""),
                    self.yes((*keys, "required"), data.get("required")),
                    self.number(
                        (*keys, "repeats"), data.get("repeats"), 1 if around else UNLIMITED
                    ),
                )
            )
        if not found:
            self.say(("records",), "expected at least one record")
        return tuple(found)

    def fields(self, keys: Keys, value: Value) -> tuple[Field, ...]:
        made: list[Field] = []
        column, start = 1, 1
        for name, told in self.table(keys, value).items():
            here = (*keys, name)
            self.named(here, name)
            data = {"format": told} if isinstance(told, str) else self.table(here, told)
            self.known(here, data, _FIELD)
            if column == self.type_column:
                column += 1
            column = self.number((*here, "column"), data.get("column"), column)
            start = self.number((*here, "start"), data.get("start"), start)
            one = self.field(here, name, data, column, start)
            made.append(one)
            column, start = column + 1, start + one.width
        if not made:
            self.say(keys, "expected at least one field")
        return tuple(made)

    def field(
        self, keys: Keys, name: str, data: Mapping[str, Value], column: int, start: int
    ) -> Field:
        mask = self.mask((*keys, "date"), data.get("date"))
        codes = self.words((*keys, "codes"), data.get("codes"))
        decimals, exact = self.decimals((*keys, "decimals"), data.get("decimals"))
        implied = self.yes((*keys, "implied"), data.get("implied"))
        element = self.element(keys, name, data, mask, codes)
        number = element.format is Format.NUMERIC and not mask and not codes
        if (decimals or implied) and not number:
            self.say((*keys, "decimals"), "only numbers have decimals", "write format: n..9")
        if number and decimals >= element.longest:
            self.say((*keys, "decimals"), f"{decimals} decimals of {element.longest} digits")
        length = self.number((*keys, "length"), data.get("length"), element.longest)
        fill = self.sign((*keys, "fill"), data.get("fill", "space")) or " "
        justify = ("right", "left") if number else ("left", "right")
        right = self.word((*keys, "justify"), justify, data.get("justify")) == "right"
        return Field(
            element,
            required=self.yes((*keys, "required"), data.get("required")),
            forbidden=self.yes((*keys, "forbidden"), data.get("forbidden")),
            column=0 if not self.delimiter else column,
            title=str(data.get("heading") or name),
            start=0 if self.delimiter else start,
            width=0 if self.delimiter else length,
            right=right,
            fill=fill,
            number=number,
            decimals=decimals,
            implied=implied,
            exact=exact,
            mask=mask,
            void=frozenset(self.words((*keys, "void"), data.get("void"))),
            names=self.names((*keys, "name"), data.get("name")),
            severity=self.word((*keys, "severity"), ("", *WEIGHTS), data.get("severity")),
            at=self.where(keys),
        )

    def element(
        self, keys: Keys, name: str, data: Mapping[str, Value], mask: str, codes: Sequence[str]
    ) -> Element:
        """Return what characters and lengths a field's values have."""
        told = data.get("format")
        if told is None and (mask or codes):
            longest = len(mask) or max(map(len, codes))
            return Element(name, Format.ALPHANUMERIC, 1, longest, frozenset(codes) or None)
        match = _FORMAT.fullmatch(told) if isinstance(told, str) else None
        if match is None or int(match[4]) < int(match[2] or 1):
            what = f"expected a format such as an..35 or n9, found {_shown(told)}"
            self.say((*keys, "format") if told is not None else keys, what)
            return Element(name, Format.ALPHANUMERIC, 1, 1)
        longest = int(match[4])
        shortest = int(match[2] or 1) if match[3] else longest
        return Element(name, Format(match[1]), shortest, longest, frozenset(codes) or None)

    def mask(self, keys: Keys, value: Value) -> str:
        if value is None:
            return ""
        mask = str(value)
        pieces = PIECE.findall(mask)
        twice = len(set(pieces)) < len(pieces)
        rest = PIECE.sub("", mask)
        years = sum(piece in ("YYYY", "YY") for piece in pieces)
        if not isinstance(value, str) or years != 1 or twice or re.search(r"[A-Za-z0-9]", rest):
            self.say(keys, f"expected a mask such as YYYY-MM-DD or DD.MM.YY hh:mm, found "
                           f"{_shown(value)}")  # fmt: skip
            return ""
        return mask

    def decimals(self, keys: Keys, value: Value) -> tuple[int, bool]:
        """Return how many decimals there may be, and whether all of them are written."""
        if value is None:
            return 0, False
        match = _DECIMALS.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.say(keys, f"expected how many, as 2 or ..3, found {_shown(value)}")
            return 0, False
        return int(match[2]), match[1] is None

    def names(self, keys: Keys, value: Value) -> Mapping[str, str]:
        if isinstance(value, str):
            return dict.fromkeys(_LANGUAGES, value)
        data = self.table(keys, value)
        self.known(keys, data, _LANGUAGES)
        return {language: str(text) for language, text in data.items()}

    def counts(self) -> tuple[Count, ...]:
        found = []
        for path, of in self.table(("counts",), self.data.get("counts")).items():
            record, _, field = path.partition(".")
            found.append(Count(record, field, "" if of == "all" else str(of)))
        return tuple(found)

    def severities(self) -> Mapping[str, str]:
        found = {}
        for code, weight in self.table(("severities",), self.data.get("severities")).items():
            if not _CODE.fullmatch(code):
                self.say(("severities", code), f'"{code}" is no fault code', "write FLAT-126")
            found[code] = self.word(("severities", code), WEIGHTS, weight)
        return found

    # What the parts have to do with each other.

    def agree(self, schema: Schema) -> None:
        self.agree_types(schema)
        self.agree_tables(schema)
        self.agree_signs(schema)
        if not schema.delimiter:
            self.agree_positions(schema)

    def agree_types(self, schema: Schema) -> None:
        typed = schema.type_column or schema.type_title or schema.type_width
        if len(schema.records) > 1 and not typed:
            self.say(("type",), "several records, and nothing says which one a line is",
                     "type: {column: 1}, or {start: 1, length: 2}")  # fmt: skip
        seen: dict[str, str] = {}
        for record in schema.records:
            if typed and not record.type:
                self.say(("records", record.tag), "this record has no `type`")
            elif record.type in seen:
                self.say(("records", record.tag, "type"), f"{seen[record.type]} has it too")
            seen[record.type] = record.tag

    def agree_tables(self, schema: Schema) -> None:
        known: set[str] = set()
        for record in schema.records:
            if record.parent and record.parent not in known:
                self.say(("records", record.tag, "parent"),
                         f"no record {record.parent} stands before this one")  # fmt: skip
            known.add(record.tag)
        tops = [record.tag for record in schema.records if not record.parent]
        if not schema.whole and schema.message not in tops:
            self.say(("message",), f"expected {WHOLE} or one of {', '.join(tops)}, "
                                   f"found {_shown(schema.message)}")  # fmt: skip
        for count in schema.counts:
            record_of = next((one for one in schema.records if one.tag == count.record), None)
            names = [one.name for one in record_of.fields] if record_of is not None else []
            if count.field not in names or (count.of and count.of not in known):
                self.say(("counts", f"{count.record}.{count.field}"),
                         "expected RECORD.FIELD: RECORD, or all")  # fmt: skip

    def agree_signs(self, schema: Schema) -> None:
        if schema.thousands and schema.thousands == schema.decimal:
            self.say(("thousands",), "the decimal mark is the same sign")
        if schema.quote and schema.quote == schema.delimiter:
            self.say(("quote",), "the delimiter is the same sign")
        if schema.headings and not schema.delimiter:
            self.say(("headings",), "only delimited files have headings")
        if schema.type_title and not schema.headings:
            self.say(("type", "heading"), "the file has no headings", "headings: yes")

    def agree_positions(self, schema: Schema) -> None:
        if schema.type_column:
            hint = "type: {start: 1, length: 2}"
            self.say(("type", "column"), "fields have positions here", hint)
        for record in schema.records:
            taken = [(1, 1, "")]
            if schema.type_width:
                taken = [(schema.type_start, schema.type_start + schema.type_width, "the type")]
            for one in record.fields:
                end = one.start + one.width
                for name in (
                    name for start, stop, name in taken if one.start < stop and start < end
                ):
                    what = f"positions {one.start} to {end - 1} overlap with {name}"
                    self.say(("records", record.tag, "fields", one.name), what)
                taken.append((one.start, end, one.name))

    # Single values.

    def say(self, keys: Keys, what: str, hint: str = "") -> None:
        self.wrong.append(Wrong(keys, what, hint))

    def named(self, keys: Keys, name: str) -> None:
        if not _NAME.fullmatch(name) or name == WHOLE:
            self.say(keys, f'"{name}" is no name', "use letters, digits and _, a letter first")

    def known(self, keys: Keys, data: Mapping[str, Value], allowed: tuple[str, ...]) -> None:
        for key in data:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(allowed)}"
                self.say((*keys, key), "this key is not known here", hint)

    def table(self, keys: Keys, value: Value) -> dict[str, Value]:
        if value is None or isinstance(value, dict):
            return value or {}
        self.say(keys, f"expected keys and values, found {_shown(value)}")
        return {}

    def words(self, keys: Keys, value: Value) -> tuple[str, ...]:
        listed = [value] if isinstance(value, str) else value
        if listed is None:
            return ()
        if not isinstance(listed, list) or not all(
            each and isinstance(each, str) for each in listed
        ):
            self.say(keys, f"expected a list of texts, found {_shown(value)}")
            return ()
        return tuple(str(each) for each in listed)

    def word(self, keys: Keys, allowed: tuple[str, ...], value: Value = None) -> str:
        """Return one of the words allowed, the first where nothing is said."""
        if value is None and len(keys) == 1:
            value = self.data.get(str(keys[0]))
        if value is None or value in allowed:
            return allowed[0] if value is None else str(value)
        self.say(keys, f"expected one of {', '.join(filter(None, allowed))}, found {_shown(value)}")
        return allowed[0]

    def text(self, keys: Keys, usual: str) -> str:
        value = self.data.get(str(keys[0]), usual)
        if isinstance(value, str) and value:
            return value
        self.say(keys, f"expected a text, found {_shown(value)}")
        return usual

    def sign(self, keys: Keys, value: Value) -> str:
        """Return one character, given as itself or by its name."""
        if value is None:
            return ""
        if isinstance(value, str):
            sign = _WORDS.get(value, value)
            if not sign or (len(sign) == 1 and not sign.isalpha() and sign not in "\r\n\x1f"):
                return sign
        self.say(keys, f"expected one sign, or tab, space, none; found {_shown(value)}")
        return ""

    def yes(self, keys: Keys, value: Value) -> bool:
        if value not in {None, "yes", "no"} if not isinstance(value, (list, dict)) else True:
            self.say(keys, f"expected yes or no, found {_shown(value)}")
        return value == "yes"

    def number(self, keys: Keys, value: Value, usual: int) -> int:
        if value is None:
            return usual
        if isinstance(value, str) and value.isascii() and value.isdigit() and int(value[:9]) > 0:
            return int(value[:9])
        self.say(keys, f"expected a whole number from 1, found {_shown(value)}")
        return usual


def _shown(value: Value) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f'"{value[:40]}"'
    return f"a {'list' if isinstance(value, list) else 'table'}"
