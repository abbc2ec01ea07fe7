"""Device keys, pairing codes, heartbeats, opening hours; one-time codes and tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "pairing_code",
    "kiosk_beat",
    "kiosk_epoch",
    "kiosk_day",
    "kiosk_order",
    "counter_hours",
    "code",
    "ticket",
)


def upgrade() -> None:
    key = "its P-256 device key, base64url x.y; null on trial"
    op.add_column("kiosk", sa.Column("public_key", sa.Text(), nullable=True, comment=key))
    op.create_table(
        "pairing_code",
        sa.Column("code_hash", sa.Text(), nullable=False, comment="SHA-256 of the six digits"),
        sa.Column("counter_id", sa.Text(), nullable=False, comment="for this one"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="when it was made"),
        sa.Column(
            "expires_at", sa.BigInteger(), nullable=False, comment="from when it is worthless"
        ),
        sa.Column(
            "used_at", sa.BigInteger(), nullable=True, comment="when a tablet used it; null before"
        ),
        sa.Column(
            "misses",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="wrong codes tried anywhere while this one waited",
        ),
        sa.CheckConstraint("expires_at > created_at", name="ck_pairing_code_expiry"),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_pairing_code_counter_id"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_pairing_code"),
    )
    op.create_table(
        "kiosk_beat",
        sa.Column("kiosk_id", sa.Text(), nullable=False, comment="tablet"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when the last heartbeat came"),
        sa.Column(
            "app_version", sa.Text(), nullable=False, comment="version of the tablet's program"
        ),
        sa.Column(
            "questionnaire",
            sa.Text(),
            nullable=False,
            comment="hash of the version it asks with; empty for none",
        ),
        sa.Column("epoch", sa.Text(), nullable=False, comment="epoch of its last heartbeat"),
        sa.Column(
            "clock_offset",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="its clock minus ours, seconds",
        ),
        sa.Column(
            "oldest_queued_seconds",
            sa.BigInteger(),
            nullable=True,
            comment="age of its oldest waiting form",
        ),
        sa.Column(
            "canary",
            sa.Text(),
            nullable=False,
            comment="ok, lost or none: the record written when it was ready",
        ),
        sa.Column(
            "missing",
            sa.Text(),
            nullable=False,
            comment="JSON list: parts of READY that are not there",
        ),
        sa.Column(
            "battery_percent",
            sa.BigInteger(),
            nullable=True,
            comment="0 to 100; null where not known",
        ),
        sa.Column(
            "charging", sa.BigInteger(), nullable=True, comment="1 or 0; null where not known"
        ),
        sa.CheckConstraint("canary IN ('ok', 'lost', 'none')", name="ck_kiosk_beat_canary"),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name="fk_kiosk_beat_kiosk_id"),
        sa.PrimaryKeyConstraint("kiosk_id", name="pk_kiosk_beat"),
    )
    op.create_table(
        "kiosk_epoch",
        sa.Column("kiosk_id", sa.Text(), nullable=False, comment="tablet"),
        sa.Column(
            "epoch",
            sa.Text(),
            nullable=False,
            comment="random; made with the tablet's own database",
        ),
        sa.Column("day", sa.Text(), nullable=False, comment="local day it was last seen"),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="highest heartbeat number",
        ),
        sa.Column(
            "created",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="forms made since it began",
        ),
        sa.Column(
            "acknowledged",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of these, receipted",
        ),
        sa.Column(
            "queued",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of these, waiting",
        ),
        sa.Column(
            "dead",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of these, rejected",
        ),
        sa.Column(
            "sealed_off",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of these, taken off as a sealed file",
        ),
        sa.Column(
            "repeats",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="heartbeats out of sequence: two tablets with one key?",
        ),
        sa.Column(
            "lost",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="most of its forms that were unaccounted for",
        ),
        sa.Column(
            "left_behind",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="forms on the tablet alone when the epoch before it ended",
        ),
        sa.CheckConstraint("length(epoch) = 32", name="ck_kiosk_epoch_epoch"),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name="fk_kiosk_epoch_kiosk_id"),
        sa.PrimaryKeyConstraint("kiosk_id", "epoch", name="pk_kiosk_epoch"),
    )
    op.create_table(
        "kiosk_day",
        sa.Column("kiosk_id", sa.Text(), nullable=False, comment="tablet"),
        sa.Column("day", sa.Text(), nullable=False, comment="local calendar day of the heartbeats"),
        sa.Column(
            "open_seconds",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="seconds in front within opening hours",
        ),
        sa.Column(
            "acknowledged",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="forms it says were receipted",
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name="fk_kiosk_day_kiosk_id"),
        sa.PrimaryKeyConstraint("kiosk_id", "day", name="pk_kiosk_day"),
    )
    op.create_table(
        "kiosk_order",
        sa.Column("kiosk_id", sa.Text(), nullable=False, comment="tablet"),
        sa.Column(
            "message",
            sa.Text(),
            nullable=True,
            comment="code of the message on its welcome screen; null for none",
        ),
        sa.Column(
            "reset",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="1: shall reload when idle",
        ),
        sa.Column(
            "unpair",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="1: shall disconnect when its queue is empty",
        ),
        sa.Column(
            "noted_lost",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of the forms lost, so many are noted by an administrator",
        ),
        sa.Column(
            "noted_left_behind",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of the forms left behind, so many are noted",
        ),
        sa.Column(
            "noted_repeats",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of the repeats, so many are noted",
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name="fk_kiosk_order_kiosk_id"),
        sa.PrimaryKeyConstraint("kiosk_id", name="pk_kiosk_order"),
    )
    op.create_table(
        "counter_hours",
        sa.Column("counter_id", sa.Text(), nullable=False, comment="of this counter"),
        sa.Column("weekday", sa.Integer(), nullable=False, comment="1 Monday to 7 Sunday"),
        sa.Column("opens", sa.Text(), nullable=False, comment='local time, as "07:30"'),
        sa.Column("closes", sa.Text(), nullable=False, comment='local time, as "11:30"'),
        sa.CheckConstraint("closes > opens", name="ck_counter_hours_closes"),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="ck_counter_hours_weekday"),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_counter_hours_counter_id"),
        sa.PrimaryKeyConstraint("counter_id", "weekday", "opens", name="pk_counter_hours"),
    )
    op.create_table(
        "code",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit it is for"),
        sa.Column(
            "code_hash", sa.Text(), nullable=False, comment="SHA-256 of the code on the receipt"
        ),
        sa.Column(
            "expires_day", sa.Text(), nullable=False, comment="last local day it can be exchanged"
        ),
        sa.Column(
            "spent",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="1 once exchanged; when is not kept",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_code_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "code_hash", name="pk_code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ticket",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit it is for"),
        sa.Column("ticket_hash", sa.Text(), nullable=False, comment="SHA-256 of the random ticket"),
        sa.Column(
            "day", sa.Text(), nullable=False, comment="local day it was given; nothing finer"
        ),
        sa.Column(
            "spent",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="1 once a form came with it",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_ticket_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "ticket_hash", name="pk_ticket"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("kiosk", "public_key")
