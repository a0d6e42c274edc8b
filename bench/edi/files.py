"""Make interchanges as they come from real partners, from a seed: the same bytes every time.

Orders of 20 lines with names and texts of the Nordic countries; one text in some seventy holds a
character that must be released.
"""

from collections.abc import Iterator
from random import Random

LINES = 20
CITIES = ["Göteborg", "Malmö", "Västerås", "Örebro", "Umeå", "Stockholm", "Borås", "Luleå"]
STREETS = ["Storgatan", "Kungsgatan", "Industrivägen", "Hamngatan", "Åvägen", "Östra Ringleden"]
THINGS = ["Skruv M6x20 rostfri", "Kabel 3x1,5 svart", "Bräda 22x95 gran", "Lampa LED 7W E27",
          "Handske läder str 9", "Hjälm vit", "Rör 22 mm koppar", "Tejp 50 mm x 66 m"]  # fmt: skip
RELEASED = ["Skruv 100?+ st", "Kabel ?'flex?' 50 m", "Skydd ?: klass 2", "Pris??"]
SHARE_RELEASED = 0.07


def orders(size: int, seed: int = 1) -> bytes:
    """Return ORDERS of D.96A with 20 lines each, about `size` bytes."""
    random = Random(seed)
    messages: list[str] = []
    length = 0
    while length < size:
        messages.append(_order(random, len(messages) + 1, LINES))
        length += len(messages[-1])
    return _interchange(messages)


def long_order(lines: int, seed: int = 1) -> bytes:
    """Return one ORDERS of D.96A with many lines."""
    return _interchange([_order(Random(seed), 1, lines)])


def _interchange(messages: list[str]) -> bytes:
    head = "UNA:+.? 'UNB+UNOC:3+7301234567890:14+7309876543210:14+261121:0230+REF0001'"
    tail = f"UNZ+{len(messages)}+REF0001'"
    return "".join([head, *messages, tail]).encode("latin-1")


def _order(random: Random, number: int, lines: int) -> str:
    gln = f"73{random.randrange(10**11):011}"
    city, street = random.choice(CITIES), random.choice(STREETS)
    head = [
        f"UNH+{number}+ORDERS:D:96A:UN:EAN008",
        f"BGM+220+PO{random.randrange(10**7):07}+9",
        "DTM+137:20261121:102",
        "DTM+2:20261130:102",
        f"RFF+CT:AV2026-{random.randrange(1000)}",
        f"NAD+BY+{gln}::9",
        f"NAD+SU+73{random.randrange(10**11):011}::9",
        f"NAD+DP+{gln}::9++{city}s kommun+{street} {random.randrange(1, 99)}+{city}++41101+SE",
        f"CTA+OC+:{random.choice(['Åsa Öberg', 'Per Ek', 'Anna Ström'])}",
        f"COM+{random.randrange(10**9):010}:TE",
        "CUX+2:SEK:9",
    ]
    body = [segment for line in range(1, lines + 1) for segment in _line(random, line)]
    segments = [*head, *body, "UNS+S", f"CNT+2:{lines}"]
    segments.append(f"UNT+{len(segments) + 1}+{number}")
    return "".join(segment + "'" for segment in segments)


def _line(random: Random, number: int) -> list[str]:
    text = random.choice(RELEASED if random.random() < SHARE_RELEASED else THINGS)
    line = [
        f"LIN+{number}++735{random.randrange(10**10):010}:EN",
        f"PIA+5+{random.randrange(10**6)}-{random.randrange(100)}:SA",
        f"IMD+F++:::{text}",
        f"QTY+21:{random.randrange(1, 500)}",
        f"PRI+AAA:{random.randrange(10**4)}.{random.randrange(100):02}",
    ]
    if number % 2:
        line.append(f"DTM+2:202612{random.randrange(1, 29):02}:102")
    return line


def purchase_orders(size: int, seed: int = 1) -> bytes:
    """Return transactions 850 of 004010 with 20 lines each, about `size` bytes."""
    random = Random(seed)
    sets: list[str] = []
    length = 0
    while length < size:
        sets.append(_purchase_order(random, len(sets) + 1))
        length += len(sets[-1])
    head = (
        "ISA*00*          *00*          *ZZ*BUYERCORP      *ZZ*SUPPLIERCORP   *261121*0830*U*00401"
        "*000000101*0*P*>~GS*PO*BUYERCORP*SUPPLIERCORP*20261121*0830*101*X*004010~"
    )
    return "".join([head, *sets, f"GE*{len(sets)}*101~IEA*1*000000101~"]).encode("latin-1")


def _purchase_order(random: Random, number: int) -> str:
    city = random.choice(["Portland", "Austin", "Boise", "Columbus"])
    segments = [
        f"ST*850*{number:04}",
        f"BEG*00*SA*PO{random.randrange(10**7):07}**20261121",
        "CUR*BY*USD",
        f"REF*CT*AV{random.randrange(10**5)}",
        f"PER*BD*Ann Smith*TE*555{random.randrange(10**7):07}",
        "DTM*002*20261130",
        f"N1*ST*City of {city}*UL*{random.randrange(10**13):013}",
        f"N3*Main Street {random.randrange(1, 99)}",
        f"N4*{city}*OR*{random.randrange(10**5):05}*US",
    ]
    for line in range(1, LINES + 1):
        price = f"{random.randrange(10**4)}.{random.randrange(100):02}"
        segments += [
            f"PO1*{line}*{random.randrange(1, 500)}*EA*{price}**UP*{random.randrange(10**12):012}"
            f"*VP*{random.randrange(10**6)}-{random.randrange(100)}",
            f"PID*F****{random.choice(['Screw M6x20', 'Cable 3x1.5 black', 'Lamp LED 7W'])}",
        ]
        if line % 2:
            segments.append(f"DTM*002*202612{random.randrange(1, 29):02}")
    segments.append(f"CTT*{LINES}")
    segments.append(f"SE*{len(segments) + 1}*{number:04}")
    return "".join(segment + "~" for segment in segments)


def price_list(lines: int, per_message: int = 100_000, seed: int = 1) -> Iterator[bytes]:
    """Walk the bytes of a PRICAT of D.96A with many lines, in pieces; it is never held as a whole.

    A message holds no more than 999,999 segments (UNT 0074 has six digits), so there are several.
    """
    random = Random(seed)
    yield b"UNA:+.? 'UNB+UNOC:3+7309876543210:14+7301234567890:14+261121:0230+REF0001'"
    messages = 0
    for start in range(0, lines, per_message):
        messages += 1
        yield from _prices(random, messages, min(per_message, lines - start))
    yield f"UNZ+{messages}+REF0001'".encode()


def _prices(random: Random, number: int, lines: int) -> Iterator[bytes]:
    head = (
        f"UNH+{number}+PRICAT:D:96A:UN:EAN006'BGM+9+PL2026-{number}+9'DTM+137:20261121:102'"
        "NAD+BY+7301234567890::9'NAD+SU+7309876543210::9'CUX+2:SEK:8'PGI+11'"
    )
    yield head.encode("latin-1")
    for start in range(1, lines + 1, 1000):
        stop = min(start + 1000, lines + 1)
        text = "".join(_price(random, line) for line in range(start, stop))
        yield text.encode("latin-1")
    yield f"UNT+{8 + 5 * lines}+{number}'".encode()


def _price(random: Random, line: int) -> str:
    return (
        f"LIN+{line}+1+735{random.randrange(10**10):010}:EN'"
        f"PIA+5+{random.randrange(10**6)}-{random.randrange(100)}:SA'"
        f"IMD+F++:::{random.choice(THINGS)}'"
        f"QTY+53:{random.randrange(1, 100)}:PCE'"
        f"PRI+AAA:{random.randrange(10**4)}.{random.randrange(100):02}:CA:NTP:1:PCE'"
    )
