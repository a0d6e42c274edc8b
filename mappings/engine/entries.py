"""Read the plain keys of an entry of a mapping; what is no value of theirs becomes a finding."""

from canonical.faults import Severity
from mappings.engine.forms import SEVERITIES, TRUTHS
from mappings.engine.generation import Unit, nearest
from mappings.engine.provenance import Keyed


class Entries:
    """Read entries for a generator that writes into `unit`."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def _unknown(self, spec: Keyed, known: tuple[str, ...], what: str) -> None:
        for key in spec.items:
            if key not in known:
                hint = nearest(key, list(known))
                self.unit.note(spec.keys.get(key, spec.at), f"{what}: unknown key '{key}'{hint}")

    def _severity(self, spec: Keyed) -> Severity | None:
        text = spec.text("severity")
        if text is not None and text not in SEVERITIES:
            known = ", ".join(SEVERITIES)
            self.unit.note(
                spec.items["severity"].at, f"severity: expected one of {known}, found '{text}'"
            )
        return SEVERITIES.get(text or "")

    def _flag(self, spec: Keyed, key: str) -> bool:
        text = spec.text(key)
        if text is not None and text not in TRUTHS:
            self.unit.note(spec.items[key].at, f"{key}: expected yes or no, found '{text}'")
        return TRUTHS.get(text or "no", False)

    def _whole_number(self, spec: Keyed, key: str) -> int:
        text = spec.text(key)
        if text is None:
            return 0
        if not text.isdecimal() or not int(text):
            self.unit.note(spec.items[key].at, f"{key}: expected a whole number, found '{text}'")
            return 0
        return int(text)
