"""Tables of places: units, their predecessors, counters, tablets, and what the installation says of itself."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from survey_app.store.tables import metadata, moment, one_of, text

unit = Table(
    "unit",
    metadata,
    Column("id", Text, primary_key=True, comment='code@valid_from, as "12103@2025-07-01"'),
    text("code", "administrative code (Decision 19/2025/QĐ-TTg)"),
    text("name", "official name in Vietnamese"),
    text("kind", "province or ward"),
    Column("parent_id", Text, ForeignKey("unit.id"), comment="the unit above; null at the root"),
    text("valid_from", "first day of validity"),
    text("valid_to", "last day of validity; null while valid", nullable=True),
    text("hotline", "telephone citizens are referred to", nullable=True),
    UniqueConstraint("code", "valid_from"),
    one_of("kind", "province", "ward"),
    Index(None, "parent_id"),
)

unit_predecessor = Table(
    "unit_predecessor",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="the unit of today"),
    Column("code", Text, primary_key=True, comment="code of a unit merged into it"),
    text("name", "name of the merged unit"),
)

counter = Table(
    "counter",
    metadata,
    Column("id", Text, primary_key=True, comment='unit code and counter, as "12103-q1"'),
    Column("unit_id", Text, ForeignKey("unit.id"), nullable=False, comment="unit it belongs to"),
    text("name", "name as staff and citizens know it"),
    text("services", "JSON list: fields of service handled here"),
    UniqueConstraint("unit_id", "id"),
)

kiosk = Table(
    "kiosk",
    metadata,
    Column("id", Text, primary_key=True, comment="random name of the tablet"),
    Column("unit_id", Text, ForeignKey("unit.id"), nullable=False, comment="unit it stands in"),
    Column("counter_id", Text, ForeignKey("counter.id"), nullable=False, comment="its counter"),
    text("credential_hash", "SHA-256 of the secret in the tablet's cookie"),
    text("public_key", "its P-256 device key, base64url x.y; null on trial", nullable=True),
    moment("paired_at", "when the tablet was paired"),
    moment("revoked_at", "when its credential was withdrawn; null while valid", nullable=True),
    UniqueConstraint("credential_hash"),
    Index(None, "counter_id"),
)

kiosk_invitation = Table(
    "kiosk_invitation",
    metadata,
    Column("token_hash", Text, primary_key=True, comment="SHA-256 of the one-use token"),
    Column(
        "counter_id", Text, ForeignKey("counter.id"), nullable=False, comment="for this counter"
    ),
    moment("created_at", "when it was made"),
    moment("expires_at", "from when it is worthless"),
    moment("claimed_at", "when a tablet used it; null before", nullable=True),
    CheckConstraint("expires_at > created_at", name="expiry"),
)

installation = Table(
    "installation",
    metadata,
    Column("key", Text, primary_key=True, comment='what is said, as "started"'),
    text("value", "what it is"),
)
