"""Run migration steps on the connection that `gateway.store.migrations.upgrade` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from gateway.store.schema import Instant, metadata


def _render(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Spell our own column type by its short name, which the template imports."""
    return "Instant()" if kind == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
    compare_type=True,
    include_name=lambda name, kind, _parents: kind != "table" or name in metadata.tables,
)
context.run_migrations()
