"""Move interchanges; know no format.

One module a way of moving bytes. To add one: a module here with a class that has `send`, and a line
in `gateway/plugins.py`.
"""
