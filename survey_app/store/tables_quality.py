"""Tables of data quality: the moments that rules need until a week closes, and what they said of it.

`response_timing` is the only place that knows when a form came. Its rows of a week are destroyed in the transaction that closes
the week; flags and findings hold no moment.
"""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text

from survey_app.store.tables import metadata, moment, text

response_timing = Table(
    "response_timing",
    metadata,
    Column("unit_id", Text, primary_key=True, comment="unit of the response"),
    Column("response_id", Text, primary_key=True, comment="response it came with"),
    moment("arrived_at", "when the form arrived; destroyed when its week closes"),
    text("device", "tablet it came from; empty where not known"),
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
