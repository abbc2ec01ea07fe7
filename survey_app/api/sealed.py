"""Forms that a tablet has sealed to this server: {"sealed": "<JWE>"} in the place of a form."""

from collections.abc import Mapping

from survey_app.api.refusal import Refusal, refuse
from survey_app.domain import strict_json
from survey_app.store.sealing import SealError
from survey_app.web.services import services

MEMBER = "sealed"


def is_sealed(value: Mapping[str, object]) -> bool:
    """Whether this is a sealed form: that one member and no other."""
    return value.keys() == {MEMBER}


def opened(value: Mapping[str, object]) -> tuple[dict[str, object], bytes] | Refusal:
    """The form and its bytes; 422 where it is not sealed to this server, or holds no form."""
    try:
        raw = services().sealing.unseal(str(value[MEMBER]))
        form = strict_json.parse(raw)
    except SealError:
        return refuse(422, "sealed.unreadable", MEMBER)
    except strict_json.BodyError as error:
        return refuse(422, error.code, MEMBER)
    if not isinstance(form, dict):
        return refuse(422, "request.not_an_object", MEMBER)
    return form, raw
