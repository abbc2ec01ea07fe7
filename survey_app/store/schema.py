"""Every table under one name: `from survey_app.store import schema`, then `schema.response`."""

from survey_app.store.tables import metadata
from survey_app.store.tables_accounts import account, account_grant, audit_event, session
from survey_app.store.tables_figures import action, dossier_count, dossier_week
from survey_app.store.tables_fleet import (
    code,
    counter_hours,
    counter_pin,
    kiosk_beat,
    kiosk_day,
    kiosk_epoch,
    kiosk_order,
    pairing_code,
    ticket,
)
from survey_app.store.tables_forms import (
    comment,
    counter_day,
    inbox,
    questionnaire,
    response,
    vintage,
    vintage_sum,
)
from survey_app.store.tables_places import (
    counter,
    installation,
    kiosk,
    kiosk_invitation,
    unit,
    unit_predecessor,
)
from survey_app.store.tables_quality import (
    break_off,
    finding,
    flag,
    judgement,
    response_timing,
)

__all__ = [
    "account",
    "account_grant",
    "action",
    "audit_event",
    "break_off",
    "code",
    "comment",
    "counter",
    "counter_day",
    "counter_hours",
    "counter_pin",
    "dossier_count",
    "dossier_week",
    "finding",
    "flag",
    "inbox",
    "installation",
    "judgement",
    "kiosk",
    "kiosk_beat",
    "kiosk_day",
    "kiosk_epoch",
    "kiosk_invitation",
    "kiosk_order",
    "metadata",
    "pairing_code",
    "questionnaire",
    "response",
    "response_timing",
    "session",
    "ticket",
    "unit",
    "unit_predecessor",
    "vintage",
    "vintage_sum",
]
