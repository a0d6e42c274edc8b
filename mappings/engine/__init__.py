"""Compile declarative mappings between messages and documents, once, to Python code.

Belongs here: reading YAML with its place in the file, merging a partner's file over a shipped one,
the expression grammar, code lists, the generators of reading and writing code and what that
code calls at run time. Nothing here opens a file: sources come in as text (`library.Source`).

The way of a mapping: `provenance` (text to tree) -> `merging` (extends) -> `reading` or `writing`
(tree to Python source, expressions by `expressions` and `generation`) -> `library` (what callers
use). `values` and `conversions` make reading's single values, `slots` its one pass, `frames` the
stretches that are escaped together. To add a function: one line in `functions.FUNCTIONS`, a test,
a row in the language reference.
"""
