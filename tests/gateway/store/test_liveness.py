"""A worker is alive as long as it holds its lock, and a dead one leaves nothing behind for ever."""

import os
from pathlib import Path

from gateway.store.database import Database
from gateway.store.liveness import YOUNG, FileLiveness, liveness_for


def test_a_worker_is_dead_once_its_lock_is_gone(database: Database) -> None:
    one, other = liveness_for(database), liveness_for(database)
    one.hold("one")
    with other.seize("one") as dead:
        assert not dead
    one.close()
    with other.seize("one") as dead:
        assert dead
    other.close()


def test_a_dead_worker_is_seized_by_one_at_a_time(database: Database) -> None:
    first, second = liveness_for(database), liveness_for(database)
    with first.seize("gone") as dead:
        assert dead
        with second.seize("gone") as also:
            assert not also


def test_a_new_worker_clears_away_the_files_of_dead_ones_only(tmp_path: Path) -> None:
    for name, age in (("dead", 2 * YOUNG), ("starting", 0.0)):
        (tmp_path / f"{name}.alive").touch()
        age_file(tmp_path / f"{name}.alive", age)
    alive = FileLiveness(tmp_path)
    alive.hold("alive")
    age_file(tmp_path / "alive.alive", 2 * YOUNG)
    newcomer = FileLiveness(tmp_path)
    newcomer.hold("newcomer")
    assert {path.stem for path in tmp_path.iterdir()} == {"starting", "alive", "newcomer"}
    with FileLiveness(tmp_path).seize("alive") as dead:
        assert not dead
    newcomer.close()
    alive.close()


def age_file(path: Path, seconds: float) -> None:
    at = path.stat().st_mtime - seconds
    os.utime(path, (at, at))
