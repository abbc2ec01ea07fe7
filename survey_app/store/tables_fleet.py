"""Tables of the fleet (pairing codes, heartbeats, opening hours) and of one-time codes.

Nothing here names a form. A tablet has totals, never ids; a code and a ticket have no column in common, keep a day at most, and
are WITHOUT ROWID on SQLite, so that not even the order in which they came is kept.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, Table, Text

from survey_app.store.tables import metadata, moment, one_of, text


def _number(name: str, comment: str, *, nullable: bool = False) -> Column[int]:
    default = None if nullable else "0"
    return Column(name, BigInteger, nullable=nullable, server_default=default, comment=comment)


def _kiosk_key() -> Column[str]:
    return Column("kiosk_id", Text, ForeignKey("kiosk.id"), primary_key=True, comment="tablet")


pairing_code = Table(
    "pairing_code",
    metadata,
    Column("code_hash", Text, primary_key=True, comment="SHA-256 of the six digits"),
    Column("counter_id", Text, ForeignKey("counter.id"), nullable=False, comment="for this one"),
    moment("created_at", "when it was made"),
    moment("expires_at", "from when it is worthless"),
    moment("used_at", "when a tablet used it; null before", nullable=True),
    _number("misses", "wrong codes tried anywhere while this one waited"),
    CheckConstraint("expires_at > created_at", name="expiry"),
)

kiosk_beat = Table(
    "kiosk_beat",
    metadata,
    _kiosk_key(),
    moment("at", "when the last heartbeat came"),
    text("app_version", "version of the tablet's program"),
    text("questionnaire", "hash of the version it asks with; empty for none"),
    text("epoch", "epoch of its last heartbeat"),
    _number("clock_offset", "its clock minus ours, seconds"),
    _number("oldest_queued_seconds", "age of its oldest waiting form", nullable=True),
    text("canary", "ok, lost or none: the record written when it was ready"),
    text("missing", "JSON list: parts of READY that are not there"),
    _number("battery_percent", "0 to 100; null where not known", nullable=True),
    _number("charging", "1 or 0; null where not known", nullable=True),
    one_of("canary", "ok", "lost", "none"),
)

kiosk_epoch = Table(
    "kiosk_epoch",
    metadata,
    _kiosk_key(),
    Column("epoch", Text, primary_key=True, comment="random; made with the tablet's own database"),
    text("day", "local day it was last seen"),
    _number("sequence", "highest heartbeat number"),
    _number("created", "forms made since it began"),
    _number("acknowledged", "of these, receipted"),
    _number("queued", "of these, waiting"),
    _number("dead", "of these, rejected"),
    _number("sealed_off", "of these, taken off as a sealed file"),
    _number("repeats", "heartbeats out of sequence: two tablets with one key?"),
    _number("lost", "most of its forms that were unaccounted for"),
    _number("left_behind", "forms on the tablet alone when the epoch before it ended"),
    CheckConstraint("length(epoch) = 32", name="epoch"),
)

kiosk_day = Table(
    "kiosk_day",
    metadata,
    _kiosk_key(),
    Column("day", Text, primary_key=True, comment="local calendar day of the heartbeats"),
    _number("open_seconds", "seconds in front within opening hours"),
    _number("acknowledged", "forms it says were receipted"),
)

kiosk_order = Table(
    "kiosk_order",
    metadata,
    _kiosk_key(),
    text("message", "code of the message on its welcome screen; null for none", nullable=True),
    _number("reset", "1: shall reload when idle"),
    _number("unpair", "1: shall disconnect when its queue is empty"),
    _number("noted_lost", "of the forms lost, so many are noted by an administrator"),
    _number("noted_left_behind", "of the forms left behind, so many are noted"),
    _number("noted_repeats", "of the repeats, so many are noted"),
)

counter_hours = Table(
    "counter_hours",
    metadata,
    Column(
        "counter_id", Text, ForeignKey("counter.id"), primary_key=True, comment="of this counter"
    ),
    Column("weekday", Integer, primary_key=True, comment="1 Monday to 7 Sunday"),
    Column("opens", Text, primary_key=True, comment='local time, as "07:30"'),
    text("closes", 'local time, as "11:30"'),
    CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
    CheckConstraint("closes > opens", name="closes"),
)

counter_pin = Table(
    "counter_pin",
    metadata,
    Column(
        "counter_id", Text, ForeignKey("counter.id"), primary_key=True, comment="of this counter"
    ),
    text("salt", "hexadecimal; also tells a tablet that the PIN is a new one"),
    text("hash", "PBKDF2-HMAC-SHA-256 of the six digits, hexadecimal"),
    _number("rounds", "how often it is hashed"),
)

code = Table(
    "code",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="unit it is for"),
    Column("code_hash", Text, primary_key=True, comment="SHA-256 of the code on the receipt"),
    text("expires_day", "last local day it can be exchanged"),
    _number("spent", "1 once exchanged; when is not kept"),
    sqlite_with_rowid=False,
)

ticket = Table(
    "ticket",
    metadata,
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True, comment="unit it is for"),
    Column("ticket_hash", Text, primary_key=True, comment="SHA-256 of the random ticket"),
    text("day", "local day it was given; nothing finer"),
    _number("spent", "1 once a form came with it"),
    sqlite_with_rowid=False,
)
