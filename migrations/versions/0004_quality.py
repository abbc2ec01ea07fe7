"""Data quality: moments until a week closes, flags on forms, findings on counters."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "response_timing",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit of the response"),
        sa.Column("response_id", sa.Text(), nullable=False, comment="response it came with"),
        sa.Column(
            "arrived_at",
            sa.BigInteger(),
            nullable=False,
            comment="when the form arrived; destroyed when its week closes",
        ),
        sa.Column(
            "device",
            sa.Text(),
            nullable=False,
            comment="tablet it came from; empty where not known",
        ),
        sa.PrimaryKeyConstraint("unit_id", "response_id", name="pk_response_timing"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "flag",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit of the response"),
        sa.Column(
            "response_id", sa.Text(), nullable=False, comment="response in doubt; never removed"
        ),
        sa.Column("rule", sa.Text(), nullable=False, comment="rule that doubts it"),
        sa.Column("rule_version", sa.Text(), nullable=False, comment="version of the thresholds"),
        sa.Column(
            "vintage",
            sa.Integer(),
            nullable=False,
            comment="vintage of its week from which it counts",
        ),
        sa.Column(
            "params",
            sa.Text(),
            nullable=False,
            comment="JSON of the numbers behind it; never a clock time",
        ),
        sa.CheckConstraint("vintage >= 1", name="ck_flag_vintage"),
        sa.PrimaryKeyConstraint("unit_id", "response_id", "rule", name="pk_flag"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "finding",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week whose closing found it"),
        sa.Column("place", sa.Text(), nullable=False, comment="counter, or the unit itself"),
        sa.Column("rule", sa.Text(), nullable=False, comment="rule that found it"),
        sa.Column("rule_version", sa.Text(), nullable=False, comment="version of the thresholds"),
        sa.Column(
            "params",
            sa.Text(),
            nullable=False,
            comment="JSON of the numbers behind it; never a clock time",
        ),
        sa.PrimaryKeyConstraint("unit_id", "week", "place", "rule", name="pk_finding"),
    )


def downgrade() -> None:
    op.drop_table("finding")
    op.drop_table("flag")
    op.drop_table("response_timing")
