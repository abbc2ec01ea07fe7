"""Remarks that were taken off the page."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "comment",
        sa.Column(
            "hidden_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it was taken off the page of remarks; null while shown",
        ),
    )


def downgrade() -> None:
    op.drop_column("comment", "hidden_at")
