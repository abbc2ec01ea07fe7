"""Every table under one name: `from survey_app.store import schema`, then `schema.response`."""

from survey_app.store.tables import metadata
from survey_app.store.tables_accounts import account, account_grant, audit_event, session
from survey_app.store.tables_forms import (
    comment,
    counter_day,
    inbox,
    questionnaire,
    response,
    vintage,
)
from survey_app.store.tables_places import (
    counter,
    installation,
    kiosk,
    kiosk_invitation,
    unit,
    unit_predecessor,
)
from survey_app.store.tables_quality import finding, flag, response_timing

__all__ = [
    "account",
    "account_grant",
    "audit_event",
    "comment",
    "counter",
    "counter_day",
    "finding",
    "flag",
    "inbox",
    "installation",
    "kiosk",
    "kiosk_invitation",
    "metadata",
    "questionnaire",
    "response",
    "response_timing",
    "session",
    "unit",
    "unit_predecessor",
    "vintage",
]
