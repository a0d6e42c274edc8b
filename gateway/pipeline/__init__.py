"""Carry a message from arrival to effect, durably.

`states` is the table of states, `steps` has one function a step, `engine` is the one seam to the
durable job engine. Belongs here: what happens to a message and in which order; not how a
format, a database or a core does it.
"""
