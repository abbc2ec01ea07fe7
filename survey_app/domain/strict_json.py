"""Strict JSON: UTF-8, one meaning for every byte, and no deeper than a form is."""

import json
from typing import NoReturn

DEEPEST = 6


class BodyError(ValueError):
    """The body is not JSON as we take it; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(body: bytes) -> object:
    """The value of `body`; raises BodyError.

    Refused beside broken JSON: keys that stand twice (which one counts?), NaN and Infinity (not JSON), and deep nesting.
    """
    try:
        value: object = json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant
        )
    except BodyError:
        raise
    except RecursionError as error:
        raise BodyError("request.too_deep") from error
    except ValueError as error:  # broken JSON, broken UTF-8, an endless number
        raise BodyError("request.not_json") from error
    if _depth(value) > DEEPEST:
        raise BodyError("request.too_deep")
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BodyError("request.duplicate_key")
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise BodyError("request.not_json")


def _depth(value: object) -> int:
    """Levels of objects and lists; at most one too many is looked at."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        depth += 1
    return depth
