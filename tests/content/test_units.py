"""The first installation: three wards of Mỹ Hào and what they were made from."""

from datetime import date
from unicodedata import is_normalized

from survey_app.content import units

PROVINCE, *WARDS = units()


def test_the_province_stands_above_three_wards() -> None:
    assert (PROVINCE.id, PROVINCE.name, PROVINCE.kind) == (
        "HY@2025-07-01",
        "Tỉnh Hưng Yên",
        "province",
    )
    assert PROVINCE.parent is None
    assert [(ward.id, ward.name) for ward in WARDS] == [
        ("12103@2025-07-01", "Phường Mỹ Hào"),
        ("12133@2025-07-01", "Phường Đường Hào"),
        ("12127@2025-07-01", "Phường Thượng Hồng"),
    ]
    assert {(ward.parent, ward.kind, ward.valid_to) for ward in WARDS} == {
        (PROVINCE.id, "ward", None)
    }


def test_the_thirteen_old_units_are_there_once() -> None:
    codes = [old.code for ward in WARDS for old in ward.predecessors]
    assert len(codes) == len(set(codes)) == 13
    assert [len(ward.predecessors) for ward in WARDS] == [4, 5, 4]
    assert {old.valid_to for ward in WARDS for old in ward.predecessors} == {date(2025, 6, 30)}


def test_each_ward_reuses_the_code_of_an_old_unit_with_another_name() -> None:
    for ward in WARDS:
        (same,) = (old for old in ward.predecessors if old.code == ward.code)
        assert same.name != ward.name


def test_the_kind_of_an_old_unit_is_in_its_name() -> None:
    words = {"ward": "Phường ", "commune": "Xã "}
    for ward in WARDS:
        for old in ward.predecessors:
            assert old.name.startswith(words[old.kind])


def test_each_ward_has_three_counters_and_one_online() -> None:
    for ward in WARDS:
        ids = [counter.id for counter in ward.counters]
        assert ids == [f"{ward.code}-{name}" for name in ("q1", "q2", "q3", "online")]
        assert all(counter.services for counter in ward.counters)
        assert ward.counters[-1].name == "Trực tuyến"
    assert PROVINCE.counters == ()


def test_no_telephone_number_is_invented() -> None:
    assert {unit.hotline for unit in units()} == {None}


def test_names_are_composed() -> None:
    for unit in units():
        for name in (unit.name, *(counter.name for counter in unit.counters)):
            assert is_normalized("NFC", name)
