"""The row file as a table: columns, labels, blanking, order, and what never stands in it."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import Answer, Answers
from survey_app.domain.rowfile import FileRow, file_lines
from survey_app.domain.rowfile_cells import EXCEL, PLAIN, write
from survey_app.domain.rowfile_columns import FIXED, Layout
from tests.support.rowfiles import file_bytes, questionnaire, row

ONE, TWO = questionnaire(1), questionnaire(2)
PERSON: dict[str, Answer] = {"procedure": "land", "age": "18_34", "sex": "female"}


def table(rows: list[FileRow], *versions: Questionnaire, seed: int = 1) -> list[dict[str, str]]:
    """The file's lines by column, read with Python's csv only."""
    text = file_bytes(rows, Layout(versions or (ONE,)), PLAIN, seed=seed).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.chaos(34)
def test_the_file_is_the_golden_one() -> None:
    """Reviewers' own scripts rely on every byte of this; line ends are kept as LF in the repository."""
    first: Answers = {
        "procedure": "cert",
        "courteous": "no",
        "needs": ["seat", "help"],
        "warmth": -5,
    }
    second: Answers = {"procedure": "land", "courteous": "refused", "queue": "long", "age": "18_34"}
    rows = [row(ONE, first), row(TWO, second, channel="code"), row(ONE, {}, complete=False)]
    found = file_bytes(rows, Layout((ONE, TWO)), EXCEL, seed=4).decode()
    golden = (Path(__file__).parent / "rowfile_golden.csv").read_text(encoding="utf-8")
    assert found.replace("\r\n", "\n") == golden


def test_columns_stand_in_their_declared_order() -> None:
    assert Layout((ONE,)).header == (
        *FIXED,
        *("q_procedure", "q_courteous", "q_needs", "q_warmth"),
        *("nhan_procedure_group", "nhan_age", "nhan_sex"),
        *("nhan_q_procedure", "nhan_q_courteous", "nhan_q_needs", "nhan_q_warmth"),
        "nhan_status",
    )


def test_a_row_says_what_was_answered() -> None:
    answers: dict[str, Answer] = {
        "procedure": "cert",
        "courteous": "no",
        "needs": ["seat", "sign"],
        "warmth": -5,
        "age": "60_up",
        "sex": "male",
    }
    line = table([row(ONE, answers)] * 5)[0]
    assert line == {
        "questionnaire": f"thu@{ONE.hash[:12]}",
        "unit": "12103@2025-07-01",
        "week": "2026-W47",
        "stratum": "2026-W47",
        "psu": "pk3f9",
        "channel": "kiosk",
        "procedure_group": "cert",
        "age": "60_up",
        "sex": "male",
        "status": "complete",
        "flagged": "0",
        "weight": "1",
        "first_vintage": "2026-W47",
        "flag_vintage": "",
        "q_procedure": "cert",
        "q_courteous": "no",
        "q_needs": "seat sign",
        "q_warmth": "-5",
        "nhan_procedure_group": "Chứng thực; xác nhận giấy tờ",
        "nhan_age": "Từ 60 trở lên",
        "nhan_sex": "Nam",
        "nhan_q_procedure": "Chứng thực; xác nhận giấy tờ",
        "nhan_q_courteous": '\'=HYPERLINK("http://x";"Không")',
        "nhan_q_needs": "Ghế ngồi; @Bảng chỉ dẫn",
        "nhan_q_warmth": "-5",
        "nhan_status": "Đầy đủ",
    }


def test_not_asked_is_empty_and_silence_is_a_code() -> None:
    [line] = table([row(ONE, {"courteous": "dont_know", "warmth": "refused"}, complete=False)])
    assert (line["q_courteous"], line["nhan_q_courteous"]) == ("dont_know", "Không biết")
    assert (line["q_warmth"], line["nhan_q_warmth"]) == ("refused", "Không muốn trả lời")
    assert (line["q_needs"], line["nhan_q_needs"]) == ("", "")
    assert (line["procedure_group"], line["status"]) == ("none", "partial")
    assert line["nhan_status"] == "Dở dang"


@pytest.mark.chaos(34)
def test_a_removed_choice_and_a_new_question_shift_nothing() -> None:
    old, both = Layout((ONE,)).header, Layout((ONE, TWO)).header
    codes = [name for name in old if not name.startswith("nhan_")]
    assert list(both[: len(codes)]) == codes
    assert both[len(codes)] == "q_queue"
    rows = [row(ONE, {"courteous": "partly"}), row(TWO, {"courteous": "yes", "queue": "long"})]
    lines = {line["q_courteous"]: line for line in table(rows, ONE, TWO)}
    assert lines["partly"]["nhan_q_courteous"] == "Lúc có, lúc không"
    assert lines["partly"]["q_queue"] == ""
    assert lines["yes"]["q_queue"] == "long"


def test_words_come_from_the_version_that_was_answered() -> None:
    reworded = questionnaire(2, **{"courteous.choice.yes": "Lịch sự"})
    rows = [row(ONE, {"courteous": "yes"}), row(reworded, {"courteous": "yes"})]
    labels = {line["nhan_q_courteous"] for line in table(rows, ONE, reworded)}
    assert labels == {"Có", "Lịch sự"}


@pytest.mark.parametrize(("sharing", "shown"), [(4, ""), (5, "18_34")])
def test_age_and_sex_are_blanked_where_fewer_than_five_share_them(sharing: int, shown: str) -> None:
    [line, *_] = table([row(ONE, PERSON)] * sharing)
    assert line["age"] == shown
    assert line["sex"] == ("female" if shown else "")
    assert line["nhan_age"] == ("Từ 18 đến 34" if shown else "")
    assert line["nhan_sex"] == ("Nữ" if shown else "")


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "12133@2025-07-01"},
        {"answers": {**PERSON, "procedure": "cert"}},
        {"answers": {**PERSON, "age": "35_59"}},
        {"answers": {**PERSON, "sex": "male"}},
    ],
)
def test_every_part_of_the_combination_counts(other: dict[str, Any]) -> None:
    lines = table([row(ONE, PERSON)] * 4 + [row(ONE, **{"answers": PERSON, **other})])
    assert {(line["age"], line["sex"]) for line in lines} == {("", "")}


def test_each_week_is_judged_alone() -> None:
    weeks = [[row(ONE, PERSON, week=week)] * 4 for week in ("2026-W46", "2026-W47")]
    lines = list(file_lines(weeks, Layout((ONE,)), Random(1)))[1:]
    assert {line[7] for line in lines} == {""}


def test_order_is_drawn_for_every_export() -> None:
    rows = [row(ONE, {"warmth": number}) for number in range(-10, 11)]
    orders = [[line["q_warmth"] for line in table(rows, seed=seed)] for seed in range(20)]
    assert len({tuple(order) for order in orders}) == 20
    assert all(Counter(order) == Counter(orders[0]) for order in orders)
    first_places = [order.index("-10") for order in orders]
    assert min(first_places) < 7 < 14 < max(first_places)


def test_units_are_shuffled_together_within_a_week() -> None:
    rows = [row(ONE, unit=unit) for unit in ("a", "b") for _ in range(20)]
    units = [line["unit"] for line in table(rows)]
    assert units not in (sorted(units), sorted(units, reverse=True))


def test_weeks_keep_their_order() -> None:
    weeks = [[row(ONE, week=week)] * 3 for week in ("2026-W46", "2026-W47")]
    found = [line[2] for line in file_lines(weeks, Layout((ONE,)), Random(1))][1:]
    assert found == ["2026-W46"] * 3 + ["2026-W47"] * 3


def test_a_remark_never_leaves() -> None:
    assert b"0912" not in file_bytes([row(ONE, {"remark": "0912"})], Layout((ONE,)), PLAIN)
    assert not any("remark" in name for name in Layout((ONE,)).header)


def test_simulated_rows_say_so() -> None:
    text = file_bytes([row(ONE)] * 2, Layout((ONE,), demo=True), EXCEL).decode("utf-8-sig")
    header, *lines = text.split("\r\n")[:-1]
    assert header.endswith(";ghi_chu")
    assert all(line.endswith(";DỮ LIỆU MẪU") for line in lines)


def test_no_line_ends_with_an_empty_cell() -> None:
    assert all(line[-1] for line in file_lines([[row(ONE, {})]], Layout((ONE, TWO)), Random(1)))


def test_a_week_is_asked_for_when_the_one_before_is_written() -> None:
    def weeks() -> Iterator[list[FileRow]]:
        yield [row(ONE)] * 600
        raise AssertionError("consumed eagerly")

    chunks = write(file_lines(weeks(), Layout((ONE,)), Random(1)), PLAIN)
    assert next(chunks).startswith(b"questionnaire,unit,week")
    assert next(chunks).count(b"\r\n") == 500
