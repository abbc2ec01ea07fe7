"""The content hash: what a receipt vouches for, recomputable from the stored form by anyone who has it.

It covers no time: not the day, not the seconds. The remark enters as a salted hash, so that the remark can be kept apart from
the answers, or be taken out where it names somebody, and the hash of the form still proves the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.canonical import canonical_json, sha256_hex


@dataclass(frozen=True, slots=True)
class Content:
    """What is hashed. `remark` is NFC or None; `salt` 32 hexadecimal digits, None without a remark."""

    id: str
    questionnaire: str
    unit: str
    counter: str
    channel: str
    language: str
    status: str
    answers: Mapping[str, object]
    remark: str | None
    salt: str | None


def content_hash(content: Content) -> str:
    """SHA-256 of the canonical JSON of the content, 64 hexadecimal digits."""
    return sha256_hex(
        canonical_json(
            {
                "id": content.id,
                "questionnaire": content.questionnaire,
                "unit": content.unit,
                "counter": content.counter,
                "channel": content.channel,
                "language": content.language,
                "status": content.status,
                "answers": dict(content.answers),
                "remark": remark_hash(content.remark, content.salt),
            }
        )
    )


def remark_hash(remark: str | None, salt: str | None) -> str | None:
    """SHA-256 of salt‖remark, both as UTF-8 text; None without a remark."""
    if remark is None or salt is None:
        return None
    return sha256_hex((salt + remark).encode())
