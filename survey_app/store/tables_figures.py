"""Tables of what stands beside the figures: finished dossiers by week, and actions that were taken."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
)

from survey_app.store.tables import metadata, moment, text

dossier_week = Table(
    "dossier_week",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="unit"),
    Column("week", Text, primary_key=True, comment="ISO week in which they were finished"),
    Column("total", Integer, nullable=False, comment="finished dossiers of the week together"),
    moment("reported_at", "when the numbers were last entered"),
    CheckConstraint("total >= 0", name="total"),
)

dossier_count = Table(
    "dossier_count",
    metadata,
    Column("unit_id", Text, primary_key=True, comment="unit"),
    Column("week", Text, primary_key=True, comment="ISO week"),
    Column("procedure_group", Text, primary_key=True, comment="code of the procedure group"),
    Column("dossiers", Integer, nullable=False, comment="finished dossiers of the group"),
    ForeignKeyConstraint(["unit_id", "week"], ["dossier_week.unit_id", "dossier_week.week"]),
    CheckConstraint("dossiers >= 0", name="dossiers"),
)

action = Table(
    "action",
    metadata,
    Column("id", Text, primary_key=True, comment="random name of the action"),
    Column("unit_id", Text, ForeignKey("unit.id"), nullable=False, comment="unit that acted"),
    text("day", "day from which it was in force"),
    text("dimension", "code of the dimension it is meant for"),
    text("words", "what was done"),
    Column("account_id", Integer, nullable=False, comment="who recorded it"),
    moment("recorded_at", "when it was recorded"),
    moment("withdrawn_at", "when it was withdrawn as an error; null while valid", nullable=True),
)
