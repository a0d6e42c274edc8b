"""Read and write flat files: delimited or of fixed width, with records that stand below others.

Every company has its own, so nothing is known here but what a schema says (`declaring` reads one
from plain data, `schema` holds it). A file has no envelope: whose it is, is known by the way it
came. Records become the same rows and trees as segments, checked by the same tables and told by
the same faults; only how values are spelt (`values`) and where they stand in a line (`cells`) is
new. To read a new file, write a schema and a mapping; no code is needed.
"""
