"""Tables of people: accounts, what they may do where, their sessions, and what was done."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from survey_app.store.tables import RowNumber, metadata, moment, one_of, text

account = Table(
    "account",
    metadata,
    Column("id", RowNumber, primary_key=True, comment="number of the account"),
    Column("login", Text, nullable=False, unique=True, comment="name to log in with, lower case"),
    text("name", "the person's name"),
    text("password_hash", "argon2id"),
    Column(
        "failures",
        Integer,
        nullable=False,
        server_default="0",
        comment="wrong passwords since the last right one",
    ),
    moment("locked_until", "log-in is refused before this", nullable=True),
    moment("created_at", "when the account was made"),
    moment("password_set_at", "when the password was last set"),
    moment("last_login_at", "last successful log-in", nullable=True),
    moment("disabled_at", "when it was closed; null while in use", nullable=True),
    CheckConstraint("failures >= 0", name="failures"),
)

account_grant = Table(
    "account_grant",
    metadata,
    Column("account_id", RowNumber, ForeignKey("account.id"), primary_key=True, comment="who"),
    Column("role", Text, primary_key=True, comment="administrator, official or reviewer"),
    Column(
        "unit_id",
        Text,
        ForeignKey("unit.id"),
        primary_key=True,
        comment="on this unit and all below it",
    ),
    moment("granted_at", "when it was given"),
    one_of("role", "administrator", "official", "reviewer"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True, comment="SHA-256 of the secret in the cookie"),
    Column("account_id", RowNumber, ForeignKey("account.id"), nullable=False, comment="who"),
    moment("created_at", "when it began"),
    moment("last_seen", "last request; ends 15 idle minutes after"),
    moment("expires_at", "ends at this moment in any case"),
    Index(None, "account_id"),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", RowNumber, primary_key=True, comment="number of the event"),
    moment("at", "when"),
    Column("account_id", RowNumber, ForeignKey("account.id"), comment="who; null: the system"),
    text("action", 'what, as "session.opened"'),
    text("unit_id", "unit concerned", nullable=True),
    text("detail", "JSON object with what is worth knowing; never a secret"),
    Index(None, "at"),
)
