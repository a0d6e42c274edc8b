"""Draw one small picture a kind of article: our own, from a few shapes in one palette."""

from typing import Final

DEEP, MID, SOFT, WARM, PALE, LINE = "#1f4e5f", "#4f8a8b", "#a9cfc4", "#f2a65a", "#eef5f3", "#17343f"


def _r(x: float, y: float, w: float, h: float, fill: str, rx: float = 2) -> str:
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{rx}" fill="{fill}"/>'


def _c(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"/>'


def _p(d: str, fill: str = "none", stroke: str = LINE, width: float = 3) -> str:
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" {ends}/>'


def _f(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


DRAWINGS: Final[dict[str, str]] = {
    "apron": _f("M36 22h24v14l10 8v34H26V44l10-8z", SOFT)
    + _p("M36 22c0 8 24 8 24 0M26 52H16M70 52h10")
    + _r(38, 54, 20, 12, MID),
    "battery": _r(24, 34, 20, 44, DEEP, 4)
    + _r(30, 28, 8, 6, LINE)
    + _r(24, 34, 20, 12, WARM, 4)
    + _r(52, 34, 20, 44, MID, 4)
    + _r(58, 28, 8, 6, LINE)
    + _r(52, 34, 20, 12, WARM, 4),
    "bin": _f("M28 36h40l-5 44H33z", MID)
    + _r(24, 28, 48, 8, DEEP, 3)
    + _r(40, 22, 16, 6, DEEP, 3)
    + _p("M40 46l2 24M56 46l-2 24", stroke=PALE),
    "binder": _r(26, 18, 40, 60, DEEP, 3)
    + _r(26, 18, 10, 60, LINE, 3)
    + _r(42, 28, 18, 16, PALE)
    + _c(31, 64, 3, PALE)
    + _r(45, 32, 12, 2, MID)
    + _r(45, 37, 9, 2, MID),
    "board": _r(16, 24, 64, 42, PALE, 3)
    + _p("M16 27a3 3 0 0 1 3-3h58a3 3 0 0 1 3 3v36a3 3 0 0 1-3 3H19a3 3 0 0 1-3-3z", stroke=DEEP)
    + _p("M26 52l12-12 10 8 20-16", stroke=WARM)
    + _r(38, 68, 20, 5, MID),
    "bottle": _f(
        "M40 18h16v12c6 4 8 8 8 14v32a4 4 0 0 1-4 4H36a4 4 0 0 1-4-4V44c0-6 2-10 8-14z", MID
    )
    + _r(39, 14, 18, 8, DEEP)
    + _r(32, 50, 32, 18, PALE, 0)
    + _c(48, 59, 5, WARM),
    "cabinet": _r(24, 18, 48, 58, SOFT, 3)
    + _p("M24 46h48M48 18v28", stroke=DEEP, width=2)
    + _c(43, 32, 2, DEEP)
    + _c(53, 32, 2, DEEP)
    + _r(42, 58, 12, 3, DEEP)
    + _p("M28 76v6M68 76v6"),
    "cable": _p("M22 66c0-34 52-34 52 0", stroke=DEEP, width=5)
    + _r(16, 62, 12, 18, MID, 3)
    + _r(68, 62, 12, 18, MID, 3)
    + _p("M20 62v-6M24 62v-6M72 62v-6M76 62v-6", width=2),
    "cable-tie": _p("M48 24a24 24 0 1 1-18 9", stroke=DEEP, width=6)
    + _r(40, 17, 14, 14, LINE)
    + _p("M54 24l22-8", stroke=DEEP, width=6),
    "camera": _c(48, 42, 22, DEEP)
    + _c(48, 42, 12, SOFT)
    + _c(48, 42, 6, LINE)
    + _c(53, 37, 2, PALE)
    + _f("M40 64h16l6 14H34z", MID),
    "carton": _f("M18 34l30-12 30 12v34L48 80 18 68z", WARM)
    + _f("M18 34l30 12v34L18 68z", "#d98a3d")
    + _p("M18 34l30 12 30-12M48 46v34", width=2)
    + _f("M42 24l30 12v8l-6-2v-4L36 26z", PALE),
    "chair": _r(34, 14, 28, 30, DEEP, 7)
    + _r(30, 46, 36, 9, MID, 4)
    + _p("M48 55v14M48 69l-16 9M48 69l16 9M48 69v11", width=4)
    + _c(32, 80, 3, LINE)
    + _c(64, 80, 3, LINE)
    + _c(48, 82, 3, LINE),
    "cloth": _f("M22 30l30-10 24 16-6 34-32 8-18-20z", SOFT)
    + _p("M28 36c12 4 28-6 40 6M26 48c14 4 28-4 42 4M30 60c10 4 24-2 38 4", stroke=MID, width=2),
    "coffee": _f("M30 18h36l4 8v50a4 4 0 0 1-4 4H30a4 4 0 0 1-4-4V26z", DEEP)
    + _r(34, 38, 28, 28, PALE)
    + _p("M48 44c-8 4-8 12 0 16c8-4 8-12 0-16c-3 6 3 10 0 16", stroke="#7a4a21", width=2.5)
    + _p("M26 26h44", stroke=SOFT, width=2),
    "copy-paper": _r(26, 26, 46, 52, SOFT)
    + _r(22, 20, 46, 52, PALE)
    + _p(
        "M22 22a2 2 0 0 1 2-2h42a2 2 0 0 1 2 2v48a2 2 0 0 1-2 2H24a2 2 0 0 1-2-2z",
        stroke=DEEP,
        width=2,
    )
    + _p("M30 34h30M30 42h30M30 50h22", stroke=MID, width=2),
    "cup": _f("M28 26h34l-5 50H33z", WARM)
    + _r(26, 20, 38, 8, DEEP, 3)
    + _f("M30 42h31l-2 16H31z", PALE)
    + _p("M40 14c-3-4 3-6 0-10M50 14c-3-4 3-6 0-10", stroke=MID, width=2),
    "desk": _r(12, 34, 72, 7, WARM)
    + _p("M24 41v36M72 41v36M16 78h16M64 78h16", stroke=DEEP, width=5)
    + _r(54, 16, 22, 14, MID)
    + _p("M65 30v4", width=2)
    + _r(20, 28, 20, 4, SOFT),
    "dispenser": _r(32, 34, 32, 46, MID, 6)
    + _p("M48 34V22H34", stroke=DEEP, width=5)
    + _r(40, 28, 16, 8, DEEP)
    + _f("M48 48c6 8 8 10 8 14a8 8 0 0 1-16 0c0-4 2-6 8-14z", PALE),
    "dock": _r(14, 46, 68, 22, DEEP, 5)
    + _r(22, 54, 10, 6, SOFT)
    + _r(36, 54, 10, 6, SOFT)
    + _r(50, 54, 14, 6, WARM)
    + _c(73, 57, 3, SOFT)
    + _p("M48 46V30M38 30h20", stroke=MID, width=4),
    "earplug": _p("M26 54a22 22 0 0 1 44 0", stroke=DEEP, width=5)
    + _r(18, 50, 14, 26, MID, 6)
    + _r(64, 50, 14, 26, MID, 6)
    + _r(29, 54, 5, 18, SOFT)
    + _r(62, 54, 5, 18, SOFT),
    "envelope": _r(16, 28, 64, 42, PALE, 3)
    + _p(
        "M18 28h60a2 2 0 0 1 2 2v38a2 2 0 0 1-2 2H18a2 2 0 0 1-2-2V30a2 2 0 0 1 2-2zM17 30l31 24 31-24",  # noqa: E501
        stroke=DEEP,
        width=2.5,
    )
    + _r(22, 56, 18, 8, SOFT),
    "first-aid": _r(18, 32, 60, 44, MID, 6)
    + _p("M36 32v-6a4 4 0 0 1 4-4h16a4 4 0 0 1 4 4v6", stroke=DEEP, width=4)
    + _r(43, 40, 10, 28, PALE)
    + _r(34, 49, 28, 10, PALE),
    "folder": _f("M16 28h24l6 8h34v40H16z", WARM)
    + _f("M16 44h64v32H16z", "#f7c58f")
    + _r(24, 52, 24, 4, PALE),
    "glasses": _c(32, 50, 14, SOFT)
    + _c(64, 50, 14, SOFT)
    + _p(
        "M18 50a14 14 0 0 1 28 0a14 14 0 0 1-28 0M50 50a14 14 0 0 1 28 0a14 14 0 0 1-28 0M46 48h4M18 48l-6-10M78 48l6-10",  # noqa: E501
        stroke=DEEP,
    ),
    "glove": _f(
        "M32 78V52l-8-14c-2-4 3-8 6-4l6 8V22c0-5 6-5 6 0v16-20c0-5 6-5 6 0v20-17c0-5 6-5 6 0v19-12c0-5 6-5 6 0v28c0 8-4 10-4 22z",  # noqa: E501
        MID,
    )
    + _r(32, 72, 24, 8, DEEP),
    "headset": _p("M24 56V46a24 24 0 0 1 48 0v10", stroke=DEEP, width=5)
    + _r(18, 50, 12, 22, MID, 5)
    + _r(66, 50, 12, 22, MID, 5)
    + _p("M72 72c0 8-8 10-18 10", width=3)
    + _c(52, 82, 4, WARM),
    "helmet": _f("M20 56a28 28 0 0 1 56 0z", WARM)
    + _r(14, 56, 68, 8, "#d98a3d", 4)
    + _p("M42 30v26M54 30v26", stroke=PALE, width=4)
    + _p("M26 64c4 10 40 10 44 0", width=2),
    "keyboard": _r(12, 34, 72, 32, DEEP, 5)
    + "".join(_r(18 + 9 * i, 40 + 8 * j, 6, 5, SOFT, 1) for j in range(2) for i in range(7))
    + _r(28, 57, 40, 5, SOFT, 1),
    "label": _f("M18 30h36l24 20-24 20H18z", PALE)
    + _p("M18 30h36l24 20-24 20H18z", stroke=DEEP)
    + _c(60, 50, 4, WARM)
    + _p("M26 40v20M31 40v20M35 40v20M41 40v20M45 40v20", width=2),
    "lamp": _c(48, 40, 20, WARM)
    + _f("M40 58h16v8H40z", SOFT)
    + _r(40, 66, 16, 5, DEEP)
    + _r(42, 72, 12, 5, DEEP)
    + _p("M48 10v6M20 20l5 5M76 20l-5 5M16 42h6M74 42h6", stroke=MID),
    "laptop": _r(22, 24, 52, 36, DEEP, 4)
    + _r(26, 28, 44, 28, SOFT, 1)
    + _f("M14 64h68l-4 8H18z", MID)
    + _p("M34 46l8-8 8 6 10-10", stroke=WARM),
    "marker": _f("M26 70l-4 8 8-4 40-40-4-4z", DEEP)
    + _f("M62 26l8-8 8 8-8 8z", WARM)
    + _p("M30 80h40", stroke=WARM, width=4),
    "mask": _f("M22 42c16-14 36-14 52 0v14c-8 18-44 18-52 0z", PALE)
    + _p(
        "M22 42c16-14 36-14 52 0v14c-8 18-44 18-52 0zM22 44H12M74 44h10M22 54H14M74 54h8M30 50h36",
        stroke=MID,
        width=2.5,
    ),
    "monitor": _r(14, 20, 68, 44, DEEP, 4)
    + _r(18, 24, 60, 36, SOFT, 1)
    + _r(42, 64, 12, 10, LINE, 0)
    + _r(32, 74, 32, 5, LINE)
    + _p("M28 50V40M38 50V34M48 50V44M58 50V30", stroke=MID, width=4),
    "mop": _p("M58 12L46 54", stroke=WARM, width=5)
    + _f("M26 58h40l6 20H20z", MID)
    + _r(30, 52, 32, 8, DEEP)
    + _p("M32 64l-2 12M40 64v12M48 64v12M56 64l2 12", stroke=PALE, width=2),
    "mouse": _r(32, 20, 32, 56, MID, 16)
    + _p("M48 20v22M32 42h32", stroke=PALE, width=2)
    + _r(45, 27, 6, 11, DEEP, 3),
    "notebook": _r(26, 18, 46, 60, DEEP, 4)
    + _r(64, 18, 4, 60, WARM, 0)
    + _r(34, 28, 22, 10, PALE)
    + _p("M26 28h-4M26 40h-4M26 52h-4M26 64h-4"),
    "pen": _f("M22 74l4-14 38-38 10 10-38 38z", DEEP)
    + _f("M22 74l4-14 10 10z", WARM)
    + _f("M64 22l4-4 10 10-4 4z", MID)
    + _p("M40 80h34", stroke=SOFT),
    "plaster": _f("M22 56l34-34a12 12 0 0 1 18 18L40 74a12 12 0 0 1-18-18z", WARM)
    + _f("M36 42l18 18-8 8-18-18z", PALE)
    + _c(42, 54, 2, "#d98a3d")
    + _c(48, 48, 2, "#d98a3d")
    + _c(46, 56, 2, "#d98a3d"),
    "roll": _r(30, 26, 42, 46, PALE, 0)
    + '<ellipse cx="72" cy="49" rx="9" ry="23" fill="#eef5f3" stroke="#1f4e5f" stroke-width="2"/>'
    + '<ellipse cx="72" cy="49" rx="3" ry="8" fill="#f2a65a"/>'
    + _p("M72 26H30v46h42M30 72v8h-8V34", stroke=DEEP, width=2)
    + _p("M38 26v46M50 26v46", stroke=SOFT, width=2),
    "ruler": _c(40, 46, 24, WARM)
    + _c(40, 46, 14, PALE)
    + _c(40, 46, 5, DEEP)
    + _f("M40 62h42v8H40z", MID)
    + _p("M50 62v4M58 62v4M66 62v4M74 62v4M82 60v14", width=2),
    "sack": _f("M30 34c-10 14-14 44 2 46h32c16-2 12-32 2-46z", DEEP)
    + _f("M38 18l10 8 10-8-4 14H42z", MID)
    + _p("M38 34h20", stroke=WARM, width=4)
    + _p("M40 46c-4 8-4 18-2 26", stroke=MID, width=2),
    "scissors": _p("M34 62L66 18M62 62L30 18", stroke=MID, width=6)
    + _p(
        "M20 68a9 9 0 1 0 18 0a9 9 0 1 0-18 0M58 68a9 9 0 1 0 18 0a9 9 0 1 0-18 0",
        stroke=DEEP,
        width=5,
    ),
    "screw": _f("M36 18h24v10l-8 4v36l-4 12-4-12V32l-8-4z", MID)
    + _p("M42 40l12-5M42 48l12-5M42 56l12-5M42 64l12-5", width=2.5)
    + _r(36, 16, 24, 6, DEEP),
    "shoe": _f("M20 34h18c4 14 22 18 36 22c6 2 6 8 4 14H20z", DEEP)
    + _r(16, 68, 64, 8, WARM, 3)
    + _p("M40 42l8-4M44 50l8-4M52 55l8-4", stroke=PALE, width=2.5),
    "stapler": _f("M16 44c20-12 44-14 64-2v10H16z", DEEP)
    + _r(16, 60, 64, 8, MID, 3)
    + _r(16, 50, 12, 14, LINE)
    + _p("M70 52v8", width=2),
    "sticky-note": _f("M20 20h48v36L56 68H20z", "#f7c58f")
    + _f("M68 56H56v12z", WARM)
    + _r(24, 72, 40, 4, SOFT)
    + _p("M28 34h32M28 42h32M28 50h20", stroke="#d98a3d", width=2.5),
    "tape": _c(46, 48, 28, WARM)
    + _c(46, 48, 14, PALE)
    + _p("M46 34a14 14 0 1 1-.1 0", stroke="#d98a3d", width=3)
    + _f("M46 76h36v-10H66z", "#f7c58f"),
    "tea": _f("M34 36h32v32l-8 8H42l-8-8z", PALE)
    + _p("M34 36h32v32l-8 8H42l-8-8zM50 36C50 24 62 26 62 14", stroke=DEEP, width=2.5)
    + _r(56, 8, 14, 12, WARM)
    + _f("M50 48c8 4 8 12 0 18c-8-6-8-14 0-18z", MID),
    "toner": _r(14, 38, 68, 24, DEEP, 5)
    + _r(20, 30, 40, 10, MID, 3)
    + _r(22, 46, 10, 8, "#35a7c4")
    + _r(36, 46, 10, 8, "#c4507f")
    + _r(50, 46, 10, 8, "#e8c547")
    + _r(64, 46, 10, 8, LINE),
    "tool": _p("M30 74L60 40", stroke=WARM, width=9)
    + _p("M58 42L74 24", stroke=MID, width=5)
    + _p("M72 22l6-4", width=4)
    + _p("M34 62l6 6", stroke=PALE, width=2),
    "vest": _f("M30 18l8 0c2 10 18 10 20 0h8l8 16-6 6v38H28V40l-6-6z", "#e8e54a")
    + _r(28, 52, 40, 6, PALE, 0)
    + _r(28, 64, 40, 6, PALE, 0)
    + _p("M48 28v50", width=2)
    + _r(33, 20, 5, 32, PALE, 0)
    + _r(58, 20, 5, 32, PALE, 0),
}
"""What stands on the ground of each picture, 96 by 96."""


def svg(name: str) -> str:
    """Return a picture as a file's text."""
    ground = '<rect width="96" height="96" rx="12" fill="#dbe9e6"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
        f"{ground}{DRAWINGS[name]}</svg>\n"
    )
