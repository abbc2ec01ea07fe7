"""The staff's PIN of each counter."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter_pin",
        sa.Column("counter_id", sa.Text(), nullable=False, comment="of this counter"),
        sa.Column(
            "salt",
            sa.Text(),
            nullable=False,
            comment="hexadecimal; also tells a tablet that the PIN is a new one",
        ),
        sa.Column(
            "hash",
            sa.Text(),
            nullable=False,
            comment="PBKDF2-HMAC-SHA-256 of the six digits, hexadecimal",
        ),
        sa.Column(
            "rounds",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="how often it is hashed",
        ),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_counter_pin_counter_id"),
        sa.PrimaryKeyConstraint("counter_id", name="pk_counter_pin"),
    )


def downgrade() -> None:
    op.drop_table("counter_pin")
