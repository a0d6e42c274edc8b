"""Compare every hot path with its named rival or physical limit, side by side in one run.

One module a subject with a function `rows() -> Iterator[Row]`; `bench.__main__` finds the modules,
prints the table and writes it as Markdown to `bench/results/`. Figures are rates (higher is
better), medians of alternating rounds, so that a machine that slows down slows both.
To add one: a module here.
"""
