"""Draw what reading EDI costs against its size: `python -m bench.edi.plot [FILE.png]`.

Both axes are logarithmic, so a cost that grows with the size and no faster is a straight line at
45 degrees. The picture is drawn as SVG and taken by Chromium, as the ones of the shop are.
"""

import math
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from bench.edi import files, ours

SIZES: Final = (3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
ROUNDS: Final = 3
TARGET: Final = Path("docs/images/edi-cost.png")
WIDTH, HEIGHT, LEFT, BOTTOM = 900, 560, 90, 70
COLOURS: Final = ("#0b5d7a", "#b3261e", "#1b6e3c", "#8a5a00")

Points = list[tuple[float, float]]


def measured() -> dict[str, Points]:
    """Return size in bytes and seconds of each way of reading."""
    orders = ours.Orders()
    ways: dict[str, tuple[Callable[[int], bytes], Callable[[bytes], object]]] = {
        "ORDERS, validated, with rows": (files.orders, lambda c: ours.validated("edifact", c)),
        "ORDERS, mapped to Order": (files.orders, orders),
        "one ORDERS, ever longer": (_long, lambda c: ours.streamed("edifact", ours.chunks(c))),
        "850, validated, with rows": (files.purchase_orders, lambda c: ours.validated("x12", c)),
    }
    return {name: [_point(make(size), work) for size in SIZES]
            for name, (make, work) in ways.items()}  # fmt: skip


def _long(size: int) -> bytes:
    return files.long_order(max(1, size // 110))


def _point(content: bytes, work: Callable[[bytes], object]) -> tuple[float, float]:
    work(content)
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work(content)
        spent.append(time.perf_counter() - start)
    return len(content), statistics.median(spent)


def drawn(curves: dict[str, Points]) -> str:
    """Return the curves as SVG."""
    xs = [size for points in curves.values() for size, _ in points]
    ys = [seconds for points in curves.values() for _, seconds in points]
    across = _scale(min(xs), max(xs), LEFT, WIDTH - 20)
    upward = _scale(min(ys), max(ys), HEIGHT - BOTTOM, 20)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for power in range(math.floor(math.log10(min(xs))), math.ceil(math.log10(max(xs))) + 1):
        if min(xs) <= 10**power <= max(xs) * 1.2:
            x = across(10**power)
            parts.append(_line(x, 20, x, HEIGHT - BOTTOM, "#dde3ea"))
            parts.append(_text(x, HEIGHT - BOTTOM + 20, _bytes(10**power), "middle"))
    for power in range(math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys))) + 1):
        if min(ys) <= 10.0**power <= max(ys) * 1.2:
            y = upward(10.0**power)
            parts.append(_line(LEFT, y, WIDTH - 20, y, "#dde3ea"))
            parts.append(_text(LEFT - 8, y + 4, f"{10.0**power * 1000:g} ms", "end"))
    for number, (name, points) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{across(x):.1f},{upward(y):.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{upward(y):.1f}" r="3.5" fill="{colour}"/>'
                  for x, y in points]  # fmt: skip
        rate = points[-1][0] / points[-1][1] / 1e6
        parts.append(
            _text(LEFT + 16, 44 + 20 * number, f"{name}: {rate:.1f} MB/s", "start", colour)
        )
    parts.append(_text(WIDTH / 2, HEIGHT - 18, "size of the file", "middle"))
    return "".join([*parts, "</svg>"])


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    width = math.log10(high) - math.log10(low) or 1.0
    return lambda value: start + (math.log10(value) - math.log10(low)) / width * (end - start)


def _line(x: float, y: float, to_x: float, to_y: float, colour: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#1b2530") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'


def _bytes(size: int) -> str:
    return f"{size // 10**6} MB" if size >= 10**6 else f"{size // 1000} kB"


def write(target: Path) -> None:
    """Measure, draw and write the picture."""
    svg = drawn(measured())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_content(f'<body style="margin:0">{svg}</body>')
        page.screenshot(path=target)
        browser.close()
    print(target)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
