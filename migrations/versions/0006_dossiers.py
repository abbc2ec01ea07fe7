"""Finished dossiers by week and procedure group, and recorded actions."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossier_week",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column(
            "week", sa.Text(), nullable=False, comment="ISO week in which they were finished"
        ),
        sa.Column(
            "total", sa.Integer(), nullable=False, comment="finished dossiers of the week together"
        ),
        sa.Column(
            "reported_at",
            sa.BigInteger(),
            nullable=False,
            comment="when the numbers were last entered",
        ),
        sa.CheckConstraint("total >= 0", name="ck_dossier_week_total"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_dossier_week_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "week", name="pk_dossier_week"),
    )
    op.create_table(
        "dossier_count",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week"),
        sa.Column(
            "procedure_group", sa.Text(), nullable=False, comment="code of the procedure group"
        ),
        sa.Column(
            "dossiers", sa.Integer(), nullable=False, comment="finished dossiers of the group"
        ),
        sa.CheckConstraint("dossiers >= 0", name="ck_dossier_count_dossiers"),
        sa.ForeignKeyConstraint(
            ["unit_id", "week"],
            ["dossier_week.unit_id", "dossier_week.week"],
            name="fk_dossier_count_unit_id",
        ),
        sa.PrimaryKeyConstraint("unit_id", "week", "procedure_group", name="pk_dossier_count"),
    )
    _create_action()


def _create_action() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.Text(), nullable=False, comment="random name of the action"),
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit that acted"),
        sa.Column("day", sa.Text(), nullable=False, comment="day from which it was in force"),
        sa.Column(
            "dimension", sa.Text(), nullable=False, comment="code of the dimension it is meant for"
        ),
        sa.Column("words", sa.Text(), nullable=False, comment="what was done"),
        sa.Column("account_id", sa.Integer(), nullable=False, comment="who recorded it"),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="when it was recorded"),
        sa.Column(
            "withdrawn_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it was withdrawn as an error; null while valid",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_action_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_action"),
    )


def downgrade() -> None:
    op.drop_table("action")
    op.drop_table("dossier_count")
    op.drop_table("dossier_week")
