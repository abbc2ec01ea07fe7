"""Tables of data quality: the moments that rules need until a week closes, what they said of it, and where visits broke off.

`response_timing` is the only place that knows when a form came. Its rows of a week are destroyed in the transaction that closes
the week; flags and findings hold no moment. No table says which tablet a form came from: a rule that knew could link a
citizen seen at one tablet to her answers, and none needs it.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text

from survey_app.store.tables import metadata, moment, text

response_timing = Table(
    "response_timing",
    metadata,
    Column("unit_id", Text, primary_key=True, comment="unit of the response"),
    Column("response_id", Text, primary_key=True, comment="response it came with"),
    moment("arrived_at", "when the form arrived; destroyed when its week closes"),
    sqlite_with_rowid=False,
)

flag = Table(
    "flag",
    metadata,
    Column("unit_id", Text, primary_key=True, comment="unit of the response"),
    Column("response_id", Text, primary_key=True, comment="response in doubt; never removed"),
    Column("rule", Text, primary_key=True, comment="rule that doubts it"),
    text("rule_version", "version of the thresholds"),
    Column("vintage", Integer, nullable=False, comment="vintage of its week from which it counts"),
    text("params", "JSON of the numbers behind it; never a clock time"),
    CheckConstraint("vintage >= 1", name="vintage"),
    sqlite_with_rowid=False,
)

finding = Table(
    "finding",
    metadata,
    Column("unit_id", Text, primary_key=True, comment="unit"),
    Column("week", Text, primary_key=True, comment="ISO week whose closing found it"),
    Column("place", Text, primary_key=True, comment="counter, or the unit itself"),
    Column("rule", Text, primary_key=True, comment="rule that found it"),
    text("rule_version", "version of the thresholds"),
    text("params", "JSON of the numbers behind it; never a clock time"),
)

judgement = Table(
    "judgement",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="unit"),
    Column("week", Text, primary_key=True, comment="ISO week whose closing judged"),
    text("rule_version", "version of the thresholds"),
    text("levels", "JSON {counter: mean z of the quarter}; empty but at a quarter's end"),
)

break_off = Table(
    "break_off",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="unit"),
    Column("counter_id", Text, ForeignKey("counter.id"), primary_key=True, comment="counter"),
    Column("week", Text, primary_key=True, comment="ISO week"),
    Column(
        "questionnaire",
        Text,
        ForeignKey("questionnaire.hash"),
        primary_key=True,
        comment="version that was asked",
    ),
    Column("module", Integer, primary_key=True, comment="rotating module it had drawn"),
    Column("question", Text, primary_key=True, comment="first question without an answer"),
    Column("starts", Integer, nullable=False, comment="visits that ended there"),
    CheckConstraint("module >= 0", name="module"),
    CheckConstraint("starts >= 1", name="starts"),
    sqlite_with_rowid=False,
)
