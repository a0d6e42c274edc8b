"""Say whether this process lives and whether the whole can take work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Probe = Callable[[], str | None]
"""Return None when all is well, else what is wrong in one sentence."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Hold what each probe said; ready when none complains."""

    findings: Mapping[str, str | None]

    @property
    def ready(self) -> bool:
        """Tell whether every probe was content."""
        return not any(self.findings.values())


def examine(probes: Mapping[str, Probe]) -> Readiness:
    """Ask every probe; one that raises counts as a complaint, not as our failure."""
    return Readiness({name: _ask(probe) for name, probe in probes.items()})


def _ask(probe: Probe) -> str | None:
    try:
        return probe()
    except Exception as error:  # noqa: BLE001 -- a probe's failure is its answer
        return f"{type(error).__name__}: {error}"
