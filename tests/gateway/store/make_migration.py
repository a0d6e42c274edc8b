"""Write the migration step that leads from the existing ones to the tables as defined now.

python -m tests.gateway.store.make_migration "what it does"
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from gateway.store import migrations
from gateway.store.database import open_database
from tests.gateway.store.all_tables import TABLE_MODULES

assert TABLE_MODULES


def make(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/empty.sqlite")
        with database.engine.begin() as connection:
            configuration = migrations.configuration(connection)
            command.upgrade(configuration, "head")
            versions = Path(migrations.__file__).parent / "versions"
            number = f"{len(list(versions.glob('[0-9]*.py'))) + 1:04d}"
            slug = message.lower().replace(" ", "_")
            command.revision(configuration, message, autogenerate=True, rev_id=f"{number}_{slug}")
            (written,) = versions.glob(f"{number}_*.py")
        database.close()
    written = written.rename(versions / f"{number}_{slug}.py")
    subprocess.run([sys.executable, "-m", "ruff", "check", "--fix", "-q", written], check=False)
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", written], check=True)
    sys.stdout.write(f"{written}\n")


if __name__ == "__main__":
    make(sys.argv[1])
