"""Have several processes of one server count together; to be called before any of them counts.

The counting library decides when it is first loaded, so nothing here may load it.
"""

import os
import shutil
from pathlib import Path
from typing import Final

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder where each process keeps its counts, as the library knows it."""


def count_together(folder: Path) -> None:
    """Have the processes that this one starts count in `folder`, beginning with nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[SHARED] = str(folder)
