"""Places: units, their predecessors, counters, tablets, the installation."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit",
        sa.Column(
            "id", sa.Text(), nullable=False, comment='code@valid_from, as "12103@2025-07-01"'
        ),
        sa.Column(
            "code",
            sa.Text(),
            nullable=False,
            comment="administrative code (Decision 19/2025/QĐ-TTg)",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="official name in Vietnamese"),
        sa.Column("kind", sa.Text(), nullable=False, comment="province or ward"),
        sa.Column(
            "parent_id", sa.Text(), nullable=True, comment="the unit above; null at the root"
        ),
        sa.Column("valid_from", sa.Text(), nullable=False, comment="first day of validity"),
        sa.Column(
            "valid_to", sa.Text(), nullable=True, comment="last day of validity; null while valid"
        ),
        sa.Column(
            "hotline", sa.Text(), nullable=True, comment="telephone citizens are referred to"
        ),
        sa.CheckConstraint("kind IN ('province', 'ward')", name="ck_unit_kind"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", "valid_from", name="uq_unit_code"),
    )
    op.create_index("ix_unit_parent_id", "unit", ["parent_id"])
    op.create_table(
        "unit_predecessor",
        sa.Column("unit_id", sa.Text(), nullable=False, comment="the unit of today"),
        sa.Column("code", sa.Text(), nullable=False, comment="code of a unit merged into it"),
        sa.Column("name", sa.Text(), nullable=False, comment="name of the merged unit"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_predecessor_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "code", name="pk_unit_predecessor"),
    )
    op.create_table(
        "counter",
        sa.Column("id", sa.Text(), nullable=False, comment='unit code and counter, as "12103-q1"'),
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit it belongs to"),
        sa.Column("name", sa.Text(), nullable=False, comment="name as staff and citizens know it"),
        sa.Column(
            "services",
            sa.Text(),
            nullable=False,
            comment="JSON list: fields of service handled here",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_counter_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_counter"),
        sa.UniqueConstraint("unit_id", "id", name="uq_counter_unit_id"),
    )
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Text(), nullable=False, comment="random name of the tablet"),
        sa.Column("unit_id", sa.Text(), nullable=False, comment="unit it stands in"),
        sa.Column("counter_id", sa.Text(), nullable=False, comment="its counter"),
        sa.Column(
            "credential_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the secret in the tablet's cookie",
        ),
        sa.Column(
            "paired_at", sa.BigInteger(), nullable=False, comment="when the tablet was paired"
        ),
        sa.Column(
            "revoked_at",
            sa.BigInteger(),
            nullable=True,
            comment="when its credential was withdrawn; null while valid",
        ),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_kiosk_counter_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_kiosk_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk"),
        sa.UniqueConstraint("credential_hash", name="uq_kiosk_credential_hash"),
    )
    op.create_index("ix_kiosk_counter_id", "kiosk", ["counter_id"])
    op.create_table(
        "kiosk_invitation",
        sa.Column("token_hash", sa.Text(), nullable=False, comment="SHA-256 of the one-use token"),
        sa.Column("counter_id", sa.Text(), nullable=False, comment="for this counter"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="when it was made"),
        sa.Column(
            "expires_at", sa.BigInteger(), nullable=False, comment="from when it is worthless"
        ),
        sa.Column(
            "claimed_at",
            sa.BigInteger(),
            nullable=True,
            comment="when a tablet used it; null before",
        ),
        sa.CheckConstraint("expires_at > created_at", name="ck_kiosk_invitation_expiry"),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name="fk_kiosk_invitation_counter_id"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_kiosk_invitation"),
    )
    op.create_table(
        "installation",
        sa.Column("key", sa.Text(), nullable=False, comment='what is said, as "started"'),
        sa.Column("value", sa.Text(), nullable=False, comment="what it is"),
        sa.PrimaryKeyConstraint("key", name="pk_installation"),
    )


def downgrade() -> None:
    op.drop_table("installation")
    op.drop_table("kiosk_invitation")
    op.drop_table("kiosk")
    op.drop_table("counter")
    op.drop_table("unit_predecessor")
    op.drop_table("unit")
