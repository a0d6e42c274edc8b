"""Read the call of a catalogue: who calls, for what, and where the cart goes.

The tree that mappings read has one element for each parameter that OCI knows, by its name in
capitals, and a PARAMETER with attribute `name` for every other. The password is in neither.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from canonical.faults import Fault
from canonical.wire import Credential, CredentialRole, Envelope, Message, Reading
from protocols import form
from protocols.oci import parameters
from protocols.oci.dialect import VERSIONS, OciDialect
from protocols.oci.faults import fault

DOMAIN: Final = "OCI"
MAX_PARAMETERS: Final = 1_000
MAX_VALUE: Final = 8_000

_NODES: Final = frozenset(parameters.NAMES) - {parameters.PASSWORD}


def is_call(pairs: tuple[tuple[str, str], ...], dialect: OciDialect) -> bool:
    """Tell whether fields are the call of a catalogue, and not the cart that it gives back."""
    names = parameters.logical_names(dialect.parameters)
    return any(names.get(form.fold(name)) in parameters.MARKS for name, _ in pairs)


def read_call(fields: form.Fields, dialect: OciDialect) -> Reading:
    """Return the message of a call with every fault found in it."""
    oversized = _beyond(fields.pairs)
    found = [*fields.faults, *oversized]
    values = _values(fields.pairs, dialect, found)
    envelope = _envelope(values)
    if oversized:
        return Reading(faults=form.limited(found), envelope=envelope)
    function = _function(values, found)
    message = function.message if function is not None else parameters.UNKNOWN
    if function is not None:
        found += _missing(function, values)
    tree = form.FormNode("OCI", None, _nodes(values))
    return Reading((Message(message, envelope, tree),), form.limited(found), envelope)


def _beyond(pairs: tuple[tuple[str, str], ...]) -> list[Fault]:
    """Return what speaks against the size of a call, which has a few short parameters."""
    if len(pairs) > MAX_PARAMETERS:
        what = f"more than {MAX_PARAMETERS} parameters"
        return [form.fault("FORM-003", what, found=str(len(pairs)))]
    return [
        form.fault("FORM-004", f"longer than {MAX_VALUE} characters", path=name)
        for name, value in pairs
        if len(value) > MAX_VALUE
    ]


def _values(
    pairs: tuple[tuple[str, str], ...], dialect: OciDialect, found: list[Fault]
) -> dict[str, str]:
    """Return the first value of each parameter by our name, or by its own folded one."""
    names = parameters.logical_names(dialect.parameters)
    ours = ((names.get(form.fold(name), name), value.strip()) for name, value in pairs)
    return form.once(ours, found, parameters.DECIDING)


def _envelope(values: Mapping[str, str]) -> Envelope:
    user = values.get(parameters.USERNAME)
    credentials: tuple[Credential, ...] = ()
    if user:
        secret = values.get(parameters.PASSWORD) or None
        claimed = Credential(
            role=CredentialRole.SENDER, domain=DOMAIN, identity=user, secret=secret
        )
        credentials = (claimed,)
    return Envelope(
        message_id="",
        credentials=credentials,
        language=values.get(parameters.LANGUAGE) or None,
        version=values.get(parameters.VERSION) or None,
        anew=True,
    )


def _function(values: Mapping[str, str], found: list[Fault]) -> parameters.Function | None:
    """Return what is asked for; an unknown function is a fault that names the nearest."""
    wanted = values.get(parameters.FUNCTION, "").upper().replace("-", "_")
    known = parameters.FUNCTIONS.get(wanted)
    if known is None:
        near = get_close_matches(wanted[:40], filter(None, parameters.FUNCTIONS), n=1)
        found.append(
            fault(
                "OCI-003",
                "a function that this catalogue does not have",
                path=parameters.FUNCTION,
                found=wanted,
                expected="one of " + ", ".join(filter(None, parameters.FUNCTIONS)),
                hint=f"did you mean {near[0]}?" if near else None,
            )
        )
    version = values.get(parameters.VERSION, "")
    if version and version not in VERSIONS:
        expected = f"one of {', '.join(VERSIONS)}"
        what = "an unknown version"
        found.append(
            fault("OCI-006", what, path=parameters.VERSION, found=version, expected=expected)
        )
    return known


def _missing(function: parameters.Function, values: Mapping[str, str]) -> list[Fault]:
    lost = []
    if not values.get(parameters.USERNAME):
        lost.append(fault("OCI-001", "no user name", path=parameters.USERNAME))
    if function.returns and not values.get(parameters.HOOK_URL):
        lost.append(fault("OCI-002", "no return address", path=parameters.HOOK_URL))
    name = values.get(parameters.FUNCTION, "")
    lost += [
        fault("OCI-004", f"{name} needs {needed}", path=needed)
        for needed in function.needs
        if not values.get(needed)
    ]
    return lost


def _nodes(values: Mapping[str, str]) -> list[form.FormNode]:
    known = [form.FormNode(name, values[name]) for name in values if name in _NODES]
    other = [
        form.FormNode("PARAMETER", value, attrib={"name": name})
        for name, value in values.items()
        if name not in parameters.NAMES and not form.may_be_secret(name)
    ]
    return known + other
