"""Draw the tree of exceptions: input, output and our own mistakes, never a partner's data.

    GatewayError                 anything this product raises by itself
    ├── ConfigurationError       the workspace cannot be used; carries findings with file:line
    ├── StateError               a move that the state table does not allow
    ├── NotFoundError            a message, partner or session that does not exist
    ├── StoreError               the database refused or vanished
    ├── TakenError               somebody else took a name at the same moment
    ├── TransportError           bytes could not be moved
    └── CoreError                the ERP or commerce core failed
        ├── CoreUnreachableError   no answer: nothing is known of the effect
        ├── CoreBusyError          it asks to come back later (retry_after seconds)
        └── CoreRefusedError       it answered no, and will again

What is wrong in received data is a `canonical.faults.Fault`, a value.
Messages name the thing, its value and the way out.
"""


class GatewayError(Exception):
    """Be the root of every exception that this product raises by itself."""


class ConfigurationError(GatewayError):
    """Report a workspace that cannot be used; `findings` are lines `file:line: what`."""

    def __init__(self, message: str, findings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class StateError(GatewayError):
    """Report a move that the state table does not allow."""


class NotFoundError(GatewayError):
    """Report a message, partner or session that does not exist."""


class StoreError(GatewayError):
    """Report that the database refused or vanished."""


class TakenError(GatewayError):
    """Report a message id, order number or quote that somebody took at the same moment."""


class TransportError(GatewayError):
    """Report that bytes could not be moved."""


class CoreError(GatewayError):
    """Report that the ERP or commerce core failed."""


class CoreUnreachableError(CoreError):
    """Report that no answer came: nothing is known of the effect."""


class CoreBusyError(CoreError):
    """Report that the core asks to come back in `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CoreRefusedError(CoreError):
    """Report that the core answered no, and will again; `code` is its own code for it."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code
