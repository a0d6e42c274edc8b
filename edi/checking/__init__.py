"""Accept a message that is right at the price of two regular expressions; explain nothing.

Most messages are right, and a message that is right needs no automaton: one pattern matches every
segment from its tag to its end (characters, lengths, presence, code lists, notes), another the
order of the tags (groups, repeats). Both are compiled once from the tables of a message. What they
do not match is looked at again by `edi.explaining`, which is slow and exact: so the check may be
stricter than the rules, never laxer, and a test holds the two together.

`values` (one element), `notes` (several positions), `elements` (one segment), `segments` (any run
of them, compiled as they are met), `order` (the tags), `check` (both, compiled and kept).

To add a rule: its pattern here, its words in `edi.explaining`, its kind in `edi.faults`; the test
of agreement says when one of them is forgotten.
"""
