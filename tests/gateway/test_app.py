"""The parts of the application are wired together: what is looked after is looked after in all."""

import os
import time
from pathlib import Path

from gateway.transports.folder import JUST_NOW
from tests.gateway.web.house import House

LONG_AGO = time.time() - 2 * JUST_NOW


def test_upkeep_clears_what_was_never_finished_in_a_partners_folder(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.extend("acme", "edi: {endpoint: 'folder:outbox/acme'}\n")
    begun = house.workspace / f"outbox/acme/.gateway-{'0' * 16}.part"
    begun.parent.mkdir(parents=True)
    begun.write_bytes(b"half")
    os.utime(begun, (LONG_AGO, LONG_AGO))
    house.open_again()
    house.gateway.forget()
    house.gateway.close()
    assert not begun.exists()
