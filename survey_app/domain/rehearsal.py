"""A form for trying out a tablet, which never counts: it gets a receipt and is stored nowhere.

Its content hash is made of other members than a form's, so its receipt proves no form, and no form can pass for one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.canonical import canonical_json
from survey_app.domain.submission import is_response_id

MEMBER = "rehearsal"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A form that never counts, by its random id."""

    id: str

    @property
    def content_hash(self) -> str:
        """SHA-256 of canonical JSON {rehearsal: id}, as the tablet computes it."""
        return hashlib.sha256(canonical_json({MEMBER: self.id})).hexdigest()


def read_rehearsal(value: Mapping[str, object]) -> Rehearsal | None:
    """The rehearsal, where the value is that one member and no other; a form with it beside its own is no rehearsal."""
    found = value.get(MEMBER)
    if value.keys() != {MEMBER} or not is_response_id(found):
        return None
    return Rehearsal(str(found))
