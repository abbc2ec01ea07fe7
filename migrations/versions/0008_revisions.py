"""From which closing on figures use a vintage; until now every vintage entered them when it was made."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from survey_app.domain.weeks import Week, last_closed_week

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_vintage = sa.table(
    "vintage",
    *(sa.column(name) for name in ("unit_id", "week", "number", "closed_at", "figures_from")),
)


def upgrade() -> None:
    comment = "week whose closing brought it into the figures; null: they keep the one before"
    op.add_column("vintage", sa.Column("figures_from", sa.Text(), nullable=True, comment=comment))
    connection = op.get_bind()
    own = _vintage.c
    first = sa.update(_vintage).where(own.number == 1)
    connection.execute(first.values(figures_from=own.week))
    later = sa.select(own.unit_id, own.week, own.number, own.closed_at).where(own.number > 1)
    for row in connection.execute(later).all():
        same = (own.unit_id == row.unit_id, own.week == row.week, own.number == row.number)
        since = str(_quarter_end(row.closed_at))
        connection.execute(sa.update(_vintage).where(*same).values(figures_from=since))


def downgrade() -> None:
    op.drop_column("vintage", "figures_from")


def _quarter_end(closed_at: int) -> Week:
    """Revisions were made when the last week of a quarter closed."""
    week = last_closed_week(datetime.fromtimestamp(closed_at, UTC))
    return week if week == week.quarter.last_week else week.quarter.weeks[0].previous()
