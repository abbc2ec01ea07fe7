"""Sums of each vintage, kept beside it; those of older vintages are made when the server starts or a week closes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = ["unit_id", "week", "number"]


def upgrade() -> None:
    op.create_table(
        "vintage_sum",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week"),
        sa.Column("number", sa.Integer(), nullable=False, comment="of this vintage"),
        sa.Column(
            "format", sa.Integer(), nullable=False, comment="of the sums; others are made anew"
        ),
        sa.Column(
            "sums",
            sa.Text(),
            nullable=False,
            comment="what figures read, made from the vintage's psus alone: names, then a line of JSON each",
        ),
        sa.ForeignKeyConstraint(
            KEY,
            [f"vintage.{column}" for column in KEY],
            name="fk_vintage_sum_unit_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*KEY, name="pk_vintage_sum"),
    )
    op.create_index("ix_vintage_figures", "vintage", [*KEY, "figures_from", "closed_at", "forms"])


def downgrade() -> None:
    op.drop_index("ix_vintage_figures", "vintage")
    op.drop_table("vintage_sum")
