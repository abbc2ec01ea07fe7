"""Sums of each vintage in two: numbers of all weeks, and the parts that few figures look at, as columns.

They are made from the vintages alone, and made anew when the server starts or a week closes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = ["unit_id", "week", "number"]


def upgrade() -> None:
    op.drop_table("vintage_sum")
    _create(
        sa.Column(
            "numbers",
            sa.Text(),
            nullable=False,
            comment="what windows are chosen by, of psus alone: names, then a line of JSON each",
        ),
        sa.Column(
            "parts",
            sa.LargeBinary(),
            nullable=False,
            comment="what figures are made of, of psus alone",
        ),
    )


def downgrade() -> None:
    op.drop_table("vintage_sum")
    _create(
        sa.Column(
            "sums",
            sa.Text(),
            nullable=False,
            comment="what figures read, made from the vintage's psus alone: names, then a line of JSON each",
        )
    )


def _create(*sums: "sa.Column[object]") -> None:
    op.create_table(
        "vintage_sum",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week"),
        sa.Column("number", sa.Integer(), nullable=False, comment="of this vintage"),
        sa.Column(
            "format", sa.Integer(), nullable=False, comment="of the sums; others are made anew"
        ),
        *sums,
        sa.ForeignKeyConstraint(
            KEY,
            [f"vintage.{column}" for column in KEY],
            name="fk_vintage_sum_unit_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*KEY, name="pk_vintage_sum"),
    )
