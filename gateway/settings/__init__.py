"""Know what one running gateway was told: `gateway.toml` under `GATEWAY_*` of the environment.

Belongs here: the settings of the process, how they are read, and how a mistake in any
configuration file is told (`findings`). One more setting: a field in `model.py` with a default and
a sentence, a line in docs/reference/gateway-toml.md (a test asks for it).
"""

from gateway.settings.loader import Settings, load_settings

__all__ = ["Settings", "load_settings"]
