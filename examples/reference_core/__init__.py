"""Serve `core-api/v1`: an example of what a supplier's core has to answer.

Belongs here: the HTTP side only, one function a path of docs/reference/core-api.yaml. What stands
behind it is the embedded core on a database of its own; put your ERP in its place.
"""
