"""Create or migrate the database: by hand, where several machines share one."""

from pathlib import Path

import click

from gateway.cli.commands import Group
from gateway.cli.workspace import workspace_option


@click.group(cls=Group)
def db() -> None:
    """Look after the database."""


@db.command()
@workspace_option
def upgrade(workspace: Path) -> None:
    """Bring the database to this release; nothing happens when it is there already."""
    from gateway.pipeline.engine import migrate
    from gateway.settings import load_settings
    from gateway.store import migrations
    from gateway.store.database import open_database

    settings = load_settings(workspace)
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.database_url)
    try:
        before, after = migrations.upgrade(database, migrate)
    finally:
        database.close()
    if before == after:
        click.echo(f"the database is at {after} already")
    else:
        click.echo(f"the database went from {before or 'nothing'} to {after}")
