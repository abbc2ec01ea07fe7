"""Forms: questionnaire versions, responses, remarks, inbox, counter-days, vintages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("hash", sa.Text(), nullable=False, comment="SHA-256 of the canonical JSON"),
        sa.Column("number", sa.Integer(), nullable=False, comment="order of first publishing"),
        sa.Column(
            "turn", sa.Integer(), nullable=False, comment="raised to go live; highest is live"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="id of the questionnaire"),
        sa.Column(
            "body",
            sa.Text(),
            nullable=False,
            comment="canonical JSON {structure, text}; never changes",
        ),
        sa.Column(
            "published_at", sa.BigInteger(), nullable=False, comment="when it was first published"
        ),
        sa.CheckConstraint("number >= 1", name="ck_questionnaire_number"),
        sa.PrimaryKeyConstraint("hash", name="pk_questionnaire"),
        sa.UniqueConstraint("number", name="uq_questionnaire_number"),
        sa.UniqueConstraint("turn", name="uq_questionnaire_turn"),
    )
    op.create_table(
        "response",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit of the counter"),
        sa.Column("id", sa.Text(), nullable=False, comment="random UUIDv4, minted at the visit"),
        sa.Column(
            "counter_id", sa.Text(), nullable=False, comment="counter as bound at visit start"
        ),
        sa.Column("questionnaire", sa.Text(), nullable=False, comment="version answered"),
        sa.Column("channel", sa.Text(), nullable=False, comment="kiosk, code or open"),
        sa.Column("day", sa.Text(), nullable=False, comment="local calendar day; no hour is kept"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week of the day"),
        sa.Column(
            "language", sa.Text(), nullable=False, comment="language the form was answered in"
        ),
        sa.Column("status", sa.Text(), nullable=False, comment="complete or partial"),
        sa.Column(
            "answers",
            sa.Text(),
            nullable=False,
            comment="canonical JSON {question id: code | integer | [codes]}",
        ),
        sa.Column("order_seed", sa.BigInteger(), nullable=False, comment="seed of the order shown"),
        sa.Column(
            "active_seconds", sa.Integer(), nullable=False, comment="seconds spent answering"
        ),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the canonical content; in the receipt",
        ),
        sa.Column(
            "first_vintage",
            sa.Integer(),
            nullable=True,
            comment="vintage of its week that first held it; null before",
        ),
        sa.CheckConstraint("channel IN ('kiosk', 'code', 'open')", name="ck_response_channel"),
        sa.CheckConstraint("status IN ('complete', 'partial')", name="ck_response_status"),
        sa.CheckConstraint("active_seconds BETWEEN 0 AND 86400", name="ck_response_active_seconds"),
        sa.CheckConstraint("first_vintage >= 1", name="ck_response_first_vintage"),
        sa.CheckConstraint("length(content_hash) = 64", name="ck_response_content_hash"),
        sa.CheckConstraint("length(day) = 10", name="ck_response_day"),
        sa.CheckConstraint("length(id) = 36", name="ck_response_id"),
        sa.CheckConstraint("length(week) = 8", name="ck_response_week"),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_response_counter_id"),
        sa.ForeignKeyConstraint(
            ["questionnaire"], ["questionnaire.hash"], name="fk_response_questionnaire"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_response_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "id", name="pk_response"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_response_unit_id_week_day_counter_id",
        "response",
        ["unit_id", "week", "day", "counter_id"],
    )
    op.create_table(
        "comment",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit of the response"),
        sa.Column("response_id", sa.Text(), nullable=False, comment="response it came with"),
        sa.Column(
            "remark",
            sa.Text(),
            nullable=False,
            comment="the citizen's own words, NFC, at most 500 characters",
        ),
        sa.Column(
            "salt",
            sa.Text(),
            nullable=False,
            comment="32 hexadecimal digits; content_hash holds sha256(salt‖remark) only",
        ),
        sa.CheckConstraint("length(remark) BETWEEN 1 AND 500", name="ck_comment_remark"),
        sa.CheckConstraint("length(salt) = 32", name="ck_comment_salt"),
        sa.PrimaryKeyConstraint("unit_id", "response_id", name="pk_comment"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inbox",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit of the tablet that sent it"),
        sa.Column(
            "id", sa.Text(), nullable=False, comment="id the form claims; empty if unreadable"
        ),
        sa.Column("body_hash", sa.Text(), nullable=False, comment="SHA-256 of the body"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="the request body as it came"),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="conflict, invalid or poison (unreadable)"
        ),
        sa.Column("problems", sa.Text(), nullable=False, comment="JSON list of problems"),
        sa.Column("day", sa.Text(), nullable=False, comment="local day it was put here"),
        sa.CheckConstraint("kind IN ('conflict', 'invalid', 'poison')", name="ck_inbox_kind"),
        sa.PrimaryKeyConstraint("unit_id", "id", "body_hash", name="pk_inbox"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counter_day",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column("counter_id", sa.Text(), nullable=False, comment="counter"),
        sa.Column("day", sa.Text(), nullable=False, comment="local calendar day"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week of the day"),
        sa.Column(
            "revision", sa.BigInteger(), nullable=False, comment="raised in each form's own commit"
        ),
        sa.Column(
            "counted_revision",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="revision the totals were counted at; 0 never",
        ),
        sa.Column(
            "totals", sa.Text(), nullable=True, comment="JSON of counts; only recount writes it"
        ),
        sa.CheckConstraint("revision >= counted_revision", name="ck_counter_day_revision"),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_counter_day_counter_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_counter_day_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "counter_id", "day", name="pk_counter_day"),
    )
    op.create_index("ix_counter_day_unit_id_week", "counter_day", ["unit_id", "week"])
    op.create_table(
        "vintage",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit"),
        sa.Column("week", sa.Text(), nullable=False, comment="ISO week"),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="1 at closing, then one a revision"
        ),
        sa.Column("closed_at", sa.BigInteger(), nullable=False, comment="when it was frozen"),
        sa.Column("forms", sa.Integer(), nullable=False, comment="forms of every kind in it"),
        sa.Column(
            "psus",
            sa.Text(),
            nullable=False,
            comment="JSON list by label: {label, days, forms, totals}",
        ),
        sa.CheckConstraint("forms >= 0", name="ck_vintage_forms"),
        sa.CheckConstraint("number >= 1", name="ck_vintage_number"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_vintage_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "week", "number", name="pk_vintage"),
    )


def downgrade() -> None:
    op.drop_table("vintage")
    op.drop_table("counter_day")
    op.drop_table("inbox")
    op.drop_table("comment")
    op.drop_table("response")
    op.drop_table("questionnaire")
