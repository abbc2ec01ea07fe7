"""People: accounts, grants, sessions, audit events."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", ROW_NUMBER, nullable=False, comment="number of the account"),
        sa.Column("login", sa.Text(), nullable=False, comment="name to log in with, lower case"),
        sa.Column("name", sa.Text(), nullable=False, comment="the person's name"),
        sa.Column("password_hash", sa.Text(), nullable=False, comment="argon2id"),
        sa.Column(
            "failures",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="wrong passwords since the last right one",
        ),
        sa.Column(
            "locked_until", sa.BigInteger(), nullable=True, comment="log-in is refused before this"
        ),
        sa.Column(
            "created_at", sa.BigInteger(), nullable=False, comment="when the account was made"
        ),
        sa.Column(
            "password_set_at",
            sa.BigInteger(),
            nullable=False,
            comment="when the password was last set",
        ),
        sa.Column(
            "last_login_at", sa.BigInteger(), nullable=True, comment="last successful log-in"
        ),
        sa.Column(
            "disabled_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it was closed; null while in use",
        ),
        sa.CheckConstraint("failures >= 0", name="ck_account_failures"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_table(
        "account_grant",
        sa.Column("account_id", ROW_NUMBER, nullable=False, comment="who"),
        sa.Column("role", sa.Text(), nullable=False, comment="administrator, official or reviewer"),
        sa.Column("unit_id", sa.Text(), nullable=False, comment="on this unit and all below it"),
        sa.Column("granted_at", sa.BigInteger(), nullable=False, comment="when it was given"),
        sa.CheckConstraint(
            "role IN ('administrator', 'official', 'reviewer')", name="ck_account_grant_role"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_account_grant_account_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_account_grant_unit_id"),
        sa.PrimaryKeyConstraint("account_id", "role", "unit_id", name="pk_account_grant"),
    )
    op.create_table(
        "session",
        sa.Column(
            "token_hash", sa.Text(), nullable=False, comment="SHA-256 of the secret in the cookie"
        ),
        sa.Column("account_id", ROW_NUMBER, nullable=False, comment="who"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="when it began"),
        sa.Column(
            "last_seen",
            sa.BigInteger(),
            nullable=False,
            comment="last request; ends 15 idle minutes after",
        ),
        sa.Column(
            "expires_at", sa.BigInteger(), nullable=False, comment="ends at this moment in any case"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_session_account_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_session"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_table(
        "audit_event",
        sa.Column("id", ROW_NUMBER, nullable=False, comment="number of the event"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when"),
        sa.Column("account_id", ROW_NUMBER, nullable=True, comment="who; null: the system"),
        sa.Column("action", sa.Text(), nullable=False, comment='what, as "session.opened"'),
        sa.Column("unit_id", sa.Text(), nullable=True, comment="unit concerned"),
        sa.Column(
            "detail",
            sa.Text(),
            nullable=False,
            comment="JSON object with what is worth knowing; never a secret",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_audit_event_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])


def downgrade() -> None:
    op.drop_table("audit_event")
    op.drop_table("session")
    op.drop_table("account_grant")
    op.drop_table("account")
