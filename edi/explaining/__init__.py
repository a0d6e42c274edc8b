"""Say everything that is wrong with a message, where, and what to do: slow, exact, never stopping.

For messages that `edi.checking` did not accept. It knows rows and not bytes: the codec gives the
rows of a message and somebody who finds them in the bytes again (`explainer.Places`), so EDIFACT,
X12 and flat files are explained alike.

`values` (one value), `elements` (one segment), `explainer` (the order of segments, and the faults
as they are told), `hints` (what the sender probably meant).

Belongs here: what is said, and of which place. To add a rule: see `edi.checking`.
"""
