"""Where visits are broken off; what each closing week was judged by; no tablet beside a form's moment any more."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("response_timing", "device")
    op.create_table(
        "break_off",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column("counter_id", sa.Text(), nullable=False, comment="counter"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week"),
        sa.Column("questionnaire", sa.Text(), nullable=False, comment="version that was asked"),
        sa.Column("module", sa.Integer(), nullable=False, comment="rotating module it had drawn"),
        sa.Column(
            "question", sa.Text(), nullable=False, comment="first question without an answer"
        ),
        sa.Column("starts", sa.Integer(), nullable=False, comment="visits that ended there"),
        sa.CheckConstraint("module >= 0", name="ck_break_off_module"),
        sa.CheckConstraint("starts >= 1", name="ck_break_off_starts"),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_break_off_counter_id"),
        sa.ForeignKeyConstraint(
            ["questionnaire"], ["questionnaire.hash"], name="fk_break_off_questionnaire"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_break_off_unit_id"),
        sa.PrimaryKeyConstraint(
            "unit_id",
            "counter_id",
            "week",
            "questionnaire",
            "module",
            "question",
            name="pk_break_off",
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "judgement",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week whose closing judged"),
        sa.Column("rule_version", sa.Text(), nullable=False, comment="version of the thresholds"),
        sa.Column(
            "levels",
            sa.Text(),
            nullable=False,
            comment="JSON {counter: mean z of the quarter}; empty but at a quarter's end",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_judgement_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "week", name="pk_judgement"),
    )


def downgrade() -> None:
    op.drop_table("judgement")
    op.drop_table("break_off")
    op.add_column(
        "response_timing",
        sa.Column(
            "device",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="tablet it came from; empty where not known",
        ),
    )
