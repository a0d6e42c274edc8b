"""Read and write flat files: delimited or of fixed width, with records that stand below others.

Belongs here: how values are spelt (`values`) and where they stand in a line (`cells`), and what a
schema may say of it (`declaring`, `schema`). Every company has its own file, so nothing is known
of any. A file has no envelope: whose it is, is known by the way it came. Records become the same
rows and trees as segments, checked by the same tables and told by the same faults. To read a new
file, write a schema and a mapping; no code is needed.
"""
