"""Move interchanges; know no format.

One module a way of moving bytes (`http` first). To add one: implement `contract.Transport` and
add its line to `gateway/plugins.py`.
"""
