"""Read the UN's texts a second time, by other means than the product: what it is compared with.

Tables are read by how many lines stand at the right of each row (the product follows corners), and
segments from the text where each is written out with its components (the product joins three
texts).
"""

import io
import re
import zipfile
from collections.abc import Iterator

from tests.reference import reference_folder

SIDES = "│┐┘┴|+"
LINES = "─-"


def archives() -> list[str]:
    return ["d93a", "d96a", "d97a", "d99a", "d01b", "d04a", "d10b", "d21b"]


def members(name: str) -> dict[str, bytes]:
    """Return the files of a reference archive, nested zips opened."""
    content = (reference_folder("edi") / "untdid" / f"{name}.zip").read_bytes()
    return dict(_unpacked(content, ""))


def _unpacked(content: bytes, prefix: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.lower().endswith(".zip"):
                yield from _unpacked(archive.read(name), f"{prefix}{name}/")
            elif not name.endswith("/"):
                yield prefix + name, archive.read(name)


def texts(files: dict[str, bytes], pattern: str) -> list[str]:
    """Return the texts of the files whose last name matches `pattern`."""
    found = [name for name in sorted(files) if re.search(rf"(^|/){pattern}$", name, re.IGNORECASE)]
    return [files[name].decode("cp437") for name in found]


def drawn_rows(text: str) -> list[tuple[int, str, bool, int]]:
    """Return depth, tag or number of the group, mandatory and repeats of each row of a table."""
    lines = text.splitlines()
    start = max(
        n for n, line in enumerate(lines) if re.search(r"(?i)\d +segment table$", line.strip())
    )
    rows, words = [], []
    for line in lines[start + 1 :]:
        bare = line.rstrip()
        depth = len(bare) - len(bare.rstrip(SIDES))
        plain = bare.rstrip(SIDES + LINES + " ").translate({ord(char): " " for char in "─┐┘│┴"})
        words += re.sub(r"-{2,}|[|+]+$|(?<=\d)-", " ", plain).split()
        if len(words) < 2 or words[-2] not in ("M", "C") or not words[-1].isdigit():
            words = words if words and _begins(words) else []
            continue
        repeats, status = int(words[-1]), words[-2]
        at = [word.lower() for word in words]
        group = next(
            (n for n in range(3) if at[n : n + 2] == ["segment", "group"] and at[n + 2].isdigit()),
            None,
        )
        name = _tag(words) if group is None else words[group + 2]
        rows.append((depth, name, status == "M", repeats))
        words = []
        if name in ("UNT", "UIT"):
            break
    return rows


def _begins(words: list[str]) -> bool:
    """Tell whether words begin a row that goes on in the next line."""
    return words[0].isdigit() and len(words) > 2


def _tag(words: list[str]) -> str:
    return next((w for w in words if len(w) == 3 and w.isupper() and w.isalpha()), str(words))


Position = tuple[str, bool, int, list[tuple[str, bool, str]]]
_TAG = re.compile(r"(?:[*+X#|]+ +)?([A-Z]{3}) +[A-Z][^a-z]*(?:\[[BIC]\])?")
_ITEM = re.compile(
    r"(?:\d{3} +)?(?:[*+X#|]+ +)?([A-Z]\d{3}|\d{4}) +(.*?)"
    r"(?: +([MC])(?: +(\d+))?( +[an]+[.\d]+)?)?"
)


def written_segments(text: str) -> dict[str, list[Position]]:
    """Return what stands at the positions of each segment, with components and formats.

    A position's own name is in capitals, that of a component is not.
    """
    found: dict[str, list[Position]] = {}
    positions: list[Position] = []
    waiting = ""
    for line in map(str.strip, text.splitlines()):
        item = _ITEM.fullmatch(line)
        if item is None or not item[3]:
            joined = f"{waiting} {line}"
            waiting = line if item else ""
            item = _ITEM.fullmatch(joined) if joined[0] != " " else None
        if head := _TAG.fullmatch(line):
            positions = found.setdefault(head[1], [])
        elif item and item[3]:
            waiting = ""
            mandatory, format_ = item[3] == "M", (item[5] or "").strip()
            if item[2].upper() == item[2]:
                own = [(item[1], mandatory, format_)] if format_ else []
                positions.append((item[1], mandatory, int(item[4] or 1), own))
            else:
                positions[-1][3].append((item[1], mandatory, format_))
    return found


def listed_codes(text: str) -> dict[str, set[str]]:
    """Return the codes of each list: what stands left of the descriptions."""
    width = 3 if re.search(r"\n {13}[A-Z]", text) else 5
    found: dict[str, set[str]] = {}
    for block in re.split(r"\n[ \t]*[─-]{60,}[ \t]*\n", text.replace("\r", ""))[1:]:
        head, _, body = block.partition("Repr:")
        codes = found.setdefault(re.search(r"\d{4}", head)[0] if head.strip() else "", set())
        for line in body.splitlines()[1:]:
            margin, rest = line[:width], line[width:]
            if "-" not in margin and rest.strip() and len(rest) - len(rest.lstrip()) < 6:
                codes.add(rest.split()[0])
    return {id_: codes for id_, codes in found.items() if codes}
