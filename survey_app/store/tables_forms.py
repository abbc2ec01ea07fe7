"""Tables of forms: questionnaire versions, responses, remarks, the inbox, counter-days and vintages.

Every unique key contains unit_id, so that a distributed PostgreSQL can spread these tables by unit. `response`, `comment` and
`inbox` are WITHOUT ROWID on SQLite: an implicit row number is the order of arrival, and would stand in every backup.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from survey_app.store.tables import metadata, moment, one_of, text

questionnaire = Table(
    "questionnaire",
    metadata,
    Column("hash", Text, primary_key=True, comment="SHA-256 of the canonical JSON"),
    Column("number", Integer, nullable=False, unique=True, comment="order of first publishing"),
    Column(
        "turn", Integer, nullable=False, unique=True, comment="raised to go live; highest is live"
    ),
    text("name", "id of the questionnaire"),
    text("body", "canonical JSON {structure, text}; never changes"),
    moment("published_at", "when it was first published"),
    CheckConstraint("number >= 1", name="number"),
)

response = Table(
    "response",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="unit of the counter"),
    Column("id", Text, primary_key=True, comment="random UUIDv4, minted at the visit"),
    Column(
        "counter_id",
        Text,
        ForeignKey("counter.id"),
        nullable=False,
        comment="counter as bound at visit start",
    ),
    Column(
        "questionnaire",
        Text,
        ForeignKey("questionnaire.hash"),
        nullable=False,
        comment="version answered",
    ),
    text("channel", "kiosk, code or open"),
    text("day", "local calendar day; no hour is kept"),
    text("week", "ISO week of the day"),
    text("language", "language the form was answered in"),
    text("status", "complete or partial"),
    text("answers", "canonical JSON {question id: code | integer | [codes]}"),
    Column("order_seed", BigInteger, nullable=False, comment="seed of the order shown"),
    Column("active_seconds", Integer, nullable=False, comment="seconds spent answering"),
    text("content_hash", "SHA-256 of the canonical content; in the receipt"),
    Column("first_vintage", Integer, comment="vintage of its week that first held it; null before"),
    one_of("channel", "kiosk", "code", "open"),
    one_of("status", "complete", "partial"),
    CheckConstraint("length(id) = 36", name="id"),
    CheckConstraint("length(day) = 10", name="day"),
    CheckConstraint("length(week) = 8", name="week"),
    CheckConstraint("length(content_hash) = 64", name="content_hash"),
    CheckConstraint("active_seconds BETWEEN 0 AND 86400", name="active_seconds"),
    CheckConstraint("first_vintage >= 1", name="first_vintage"),
    Index(None, "unit_id", "week", "day", "counter_id"),
    sqlite_with_rowid=False,
)

comment = Table(
    "comment",
    metadata,
    Column("unit_id", Text, primary_key=True, comment="unit of the response"),
    Column("response_id", Text, primary_key=True, comment="response it came with"),
    text("remark", "the citizen's own words, NFC, at most 500 characters"),
    text("salt", "32 hexadecimal digits; content_hash holds sha256(salt‖remark) only"),
    moment(
        "hidden_at", "when it was taken off the page of remarks; null while shown", nullable=True
    ),
    CheckConstraint("length(remark) BETWEEN 1 AND 500", name="remark"),
    CheckConstraint("length(salt) = 32", name="salt"),
    sqlite_with_rowid=False,
)

inbox = Table(
    "inbox",
    metadata,
    Column("unit_id", Text, primary_key=True, comment="unit of the tablet that sent it"),
    Column("id", Text, primary_key=True, comment="id the form claims; empty if unreadable"),
    Column("body_hash", Text, primary_key=True, comment="SHA-256 of the body"),
    Column("body", LargeBinary, nullable=False, comment="the request body as it came"),
    text("kind", "conflict, invalid or poison (unreadable)"),
    text("problems", "JSON list of problems"),
    text("day", "local day it was put here"),
    one_of("kind", "conflict", "invalid", "poison"),
    sqlite_with_rowid=False,
)

counter_day = Table(
    "counter_day",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="unit"),
    Column("counter_id", Text, ForeignKey("counter.id"), primary_key=True, comment="counter"),
    Column("day", Text, primary_key=True, comment="local calendar day"),
    text("week", "ISO week of the day"),
    Column("revision", BigInteger, nullable=False, comment="raised in each form's own commit"),
    Column(
        "counted_revision",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="revision the totals were counted at; 0 never",
    ),
    Column("totals", Text, comment="JSON of counts; only recount writes it"),
    CheckConstraint("revision >= counted_revision", name="revision"),
    Index(None, "unit_id", "week"),
)

vintage = Table(
    "vintage",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="unit"),
    Column("week", Text, primary_key=True, comment="ISO week"),
    Column("number", Integer, primary_key=True, comment="1 at closing, then one a revision"),
    moment("closed_at", "when it was frozen"),
    Column("forms", Integer, nullable=False, comment="forms of every kind in it"),
    text("psus", "JSON list by label: {label, days, forms, totals}"),
    text(
        "figures_from",
        "week whose closing brought it into the figures; null: they keep the one before",
        nullable=True,
    ),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("forms >= 0", name="forms"),
    # All that is asked before counts are read: a row's totals are long, and what stands after them is far to fetch.
    Index("ix_vintage_figures", "unit_id", "week", "number", "figures_from", "closed_at", "forms"),
)

vintage_sum = Table(
    "vintage_sum",
    metadata,
    Column("unit_id", Text, primary_key=True, comment="unit"),
    Column("week", Text, primary_key=True, comment="ISO week"),
    Column("number", Integer, primary_key=True, comment="of this vintage"),
    Column("format", Integer, nullable=False, comment="of the sums; others are made anew"),
    text("numbers", "what windows are chosen by, of psus alone: names, then a line of JSON each"),
    # Long, and rarely all looked at: behind everything else.
    Column("parts", LargeBinary, nullable=False, comment="what figures are made of, of psus alone"),
    ForeignKeyConstraint(
        ["unit_id", "week", "number"],
        ["vintage.unit_id", "vintage.week", "vintage.number"],
        ondelete="CASCADE",
    ),
)
