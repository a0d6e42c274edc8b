"""Run the service: all input, output and state; composes codecs, mappings, transports, connectors.

Imports point down only: `cli → app → web | plugins → punchout | buyer → pipeline →
connectors | transports | catalogue → partners | store | standards → settings → errors`
(`observe` stands beside `errors`). `app` alone wires; everything else takes what it needs as
arguments. To add a package: give it its place in that order in `pyproject.toml` (`make check` asks
for it).
"""
