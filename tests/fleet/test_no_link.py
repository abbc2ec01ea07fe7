"""No table joins a tablet, a code or a ticket to a form."""

import pytest
from sqlalchemy import Table

from survey_app.store import schema

ABOUT_TABLETS = {
    "kiosk",
    "kiosk_beat",
    "kiosk_day",
    "kiosk_epoch",
    "kiosk_invitation",
    "kiosk_order",
    "pairing_code",
}
ABOUT_CODES = {"code", "ticket"}


def columns(table: Table) -> set[str]:
    return {column.name for column in table.columns}


@pytest.mark.chaos(44)
def test_what_is_kept_of_tablets_and_codes_names_no_form() -> None:
    for name in ABOUT_TABLETS | ABOUT_CODES:
        own = columns(schema.metadata.tables[name])
        assert not {column for column in own if "response" in column or "form" in column}
        keys = schema.metadata.tables[name].foreign_keys
        assert {key.column.table.name for key in keys} <= {"unit", "counter", "kiosk"}


@pytest.mark.chaos(44)
def test_what_is_kept_of_forms_names_no_tablet_and_no_code() -> None:
    for name in ("response", "comment", "counter_day", "vintage", "flag", "inbox"):
        own = columns(schema.metadata.tables[name])
        assert not own & {"kiosk_id", "kiosk", "code_hash", "ticket_hash", "device"}


def test_a_code_and_a_ticket_have_only_the_unit_in_common() -> None:
    code, ticket = (schema.metadata.tables[name] for name in ("code", "ticket"))
    assert columns(code) & columns(ticket) == {"unit_id", "spent"}
    assert columns(code) | columns(ticket) == {
        *("unit_id", "spent"),
        *("code_hash", "expires_day"),
        *("ticket_hash", "day"),
    }


def test_hours_and_receipts_of_a_tablet_are_kept_by_day() -> None:
    day = schema.metadata.tables["kiosk_day"]
    assert columns(day) == {"kiosk_id", "day", "open_seconds", "acknowledged"}
