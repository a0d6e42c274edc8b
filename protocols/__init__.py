"""Read and write XML and form protocols, without input or output.

One folder a protocol, implementing `canonical.wire.Codec`; none knows another. `xml` is the one
place where XML is parsed. To add a protocol: a folder here, its mappings, and a line in
`gateway/plugins.py`; the contract test says what is missing.
"""
