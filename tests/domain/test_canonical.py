"""Canonical JSON: the shared vectors, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.canonical import canonical_json, sha256_hex

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "canonical.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_python_follows_the_shared_vectors(case: dict[str, Any]) -> None:
    encoded = canonical_json(case["value"])
    assert encoded.decode() == case["canonical"]
    assert sha256_hex(encoded) == case["sha256"]


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), {"a": 0.5}, b"bytes", {1, 2}, {1: "a"}, {"đ": 1}, object()]
)
def test_what_has_more_than_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_a_tuple_is_a_list() -> None:
    assert canonical_json(("a", 1)) == canonical_json(["a", 1])


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(alphabet="abcxyz_09", max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_encoding_what_was_read_back_gives_the_same_bytes(value: object) -> None:
    encoded = canonical_json(value)
    assert canonical_json(json.loads(encoded)) == encoded
