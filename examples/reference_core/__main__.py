"""Run the reference core: `python -m examples.reference_core --data FOLDER --port N`."""

from examples.reference_core.server import main

main()
