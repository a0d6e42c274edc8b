"""Ask the supplier's own core over HTTP by `core-api/v1` (docs/reference/core-api.yaml).

Belongs here: the bodies on the wire, the client, and how its failures become the contract's
three errors. `RestCore` implements `gateway.connectors.contract.Core`; `examples/reference_core`
is a server for the other side.
"""

from gateway.connectors.rest.core import RestCore
from gateway.connectors.rest.exchange import RestSettings

__all__ = ["RestCore", "RestSettings"]
