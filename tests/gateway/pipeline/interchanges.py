"""Write interchanges of orders as a buyer's system would."""

from collections.abc import Sequence

PARTNER_FIELDS: dict[str, object] = {
    "identities": [{"domain": "EDI-14", "identity": "7301234567890"}],
    "supplier": [{"domain": "EDI-14", "identity": "7309876543210"}],
    "edi": {"endpoint": "https://buyer.example/edi", "acknowledge": {"CONTRL": "always"}},
}
X12_FIELDS: dict[str, object] = {
    "identities": [{"domain": "EDI-ZZ", "identity": "BUYERCORP"}],
    "supplier": [{"domain": "EDI-ZZ", "identity": "SUPPLIERCORP"}],
    "edi": {
        "syntax": "x12",
        "endpoint": "https://buyer.example/edi",
        "documents": ["OrderResponse"],
    },
}
ENVELOPE = "UNB+UNOC:3+7301234567890:14+7309876543210:14+261122:1159+{number}'"


def order_message(
    order_id: str, reference: str = "1", *, quantity: str = "1", bgm: str = "9", lines: int = 2
) -> str:
    """Return one ORDERS with its header and trailer."""
    body = [
        f"UNH+{reference}+ORDERS:D:96A:UN:EAN008",
        f"BGM+220+{order_id}+{bgm}",
        "DTM+137:20261122:102",
        "NAD+BY+7301234567890::9",
        "CTA+OC+:Ada",
        "COM+ada@buyer.example:EM",
        "NAD+SU+7309876543210::9",
        "NAD+DP+A1::92",
        "CUX+2:EUR:9",
    ]
    for number in range(1, lines + 1):
        body += [
            f"LIN+{number}++SKU-{number}:SA",
            f"QTY+21:{quantity}:EA",
            "PRI+AAA:10.00",
        ]
    body += ["UNS+S", f"CNT+2:{lines}"]
    body.append(f"UNT+{len(body) + 1}+{reference}")
    return "".join(f"{segment}'" for segment in body)


def interchange(number: str, messages: Sequence[str], *, count: int | None = None) -> bytes:
    """Return an interchange with a control number."""
    count = len(messages) if count is None else count
    head, tail = ENVELOPE.format(number=number), f"UNZ+{count}+{number}'"
    return (head + "".join(messages) + tail).encode("latin-1")


def x12_order(order_id: str, *, quantity: str = "1", lines: int = 2) -> tuple[str, ...]:
    """Return the segments of one 850, without its header and trailer."""
    return (
        f"BEG*00*SA*{order_id}**20261122",
        "CUR*BY*EUR",
        "PER*OC*Ada*EM*ada@buyer.example",
        "N1*BY*Buyer Ltd",
        "N1*ST*Site*92*A1",
        *(f"PO1*{one}*{quantity}*EA*10.00**VP*SKU-{one}" for one in range(1, lines + 1)),
        f"CTT*{lines}",
    )


def x12_interchange(
    number: str, *messages: Sequence[str], name: str = "850", group: str = "PO"
) -> bytes:
    """Return an interchange of messages of one name, with a control number of nine digits."""
    segments = [
        "ISA*00*          *00*          *ZZ*BUYERCORP      *ZZ*SUPPLIERCORP   "
        f"*261122*1159*U*00401*{number.zfill(9)}*0*P*>",
        f"GS*{group}*BUYERCORP*SUPPLIERCORP*20261122*1159*{number}*X*004010",
    ]
    for place, message in enumerate(messages, start=1):
        reference = f"{place:04}"
        segments += [f"ST*{name}*{reference}", *message, f"SE*{len(message) + 2}*{reference}"]
    segments += [f"GE*{len(messages)}*{number}", f"IEA*1*{number.zfill(9)}"]
    return "".join(f"{segment}~\n" for segment in segments).encode("latin-1")
