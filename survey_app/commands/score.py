"""`survey-app score FILE.csv`: the published figures, recomputed from a row file alone; no database, no settings."""

import argparse
import gc
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from survey_app.commands._dossier_files import UnusableDossiers, read_dossier_files
from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.material import Material
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.rowfile_cells import RowFileError
from survey_app.domain.rowfile_parse import FindVersion
from survey_app.domain.rowfile_read import FileCounts, read_counts
from survey_app.domain.rowfile_score import first_week_needed, recompute
from survey_app.domain.weeks import Week

DONE, FINDING, WRONG_USE = 0, 1, 2
_OBJECTS_BETWEEN_COLLECTIONS = 200_000

# Reviewers read these; the file they speak of is Vietnamese too.
WORDS = {
    "rowfile.empty": "Tệp không có nội dung.",
    "rowfile.no_rows": "Tệp chỉ có dòng tiêu đề, không có phiếu nào.",
    "rowfile.not_utf8": "Dòng này không phải chữ mã UTF-8. Trong Excel, hãy lưu theo kiểu “CSV UTF-8”.",
    "rowfile.broken_line": "Dòng này bị hỏng: dấu nháy kép mở mà không đóng, hoặc tệp bị cắt ngang.",
    "rowfile.line_length": "Dòng này có {found} ô, tiêu đề có {expected} ô. Có thể tệp đã bị cắt ngang.",
    "rowfile.columns_missing": "Thiếu cột: {columns}.",
    "rowfile.columns_doubled": "Cột có nhiều hơn một lần: {columns}.",
    "rowfile.cell_empty": "Cột {column} để trống.",
    "rowfile.cell_differs": "Cột {column} ghi “{cell}”, phải là “{expected}”.",
    "rowfile.week": "“{cell}” không phải là tuần. Tuần viết như 2026-W47.",
    "rowfile.unknown_code": "Cột {column} có mã “{cell}” mà bộ câu hỏi không có.",
    "rowfile.foreign_answer": "Cột {column} có câu trả lời, nhưng bộ câu hỏi của dòng này không có câu ấy.",
    "rowfile.unknown_questionnaire": (
        "Không biết bộ câu hỏi “{label}”. Hãy tải bộ câu hỏi ấy ở trang Kiểm chứng "
        "rồi chạy lại với --questionnaire TỆP."
    ),
    "rowfile.as_of": "Tệp bắt đầu từ tuần {first}, không có tuần nào đến {as_of}.",
    "rowfile.schemes": "Các phiếu theo nhiều cách chấm điểm khác nhau: {schemes}.",
    "rowfile.unknown_scheme": "Không biết cách chấm điểm “{scheme}”.",
    "rowfile.group_contradicts": (
        "Cột procedure_group ghi “{column}”, câu trả lời ghi “{answer}”; đã tính theo câu trả lời."
    ),
    "figure.few_forms": "chưa đủ {needed} phiếu",
    "figure.few_answers": "có câu chưa đủ {needed} câu trả lời",
    "figure.few_days": "phiếu đến trong quá ít ngày",
    "figure.protected": "không công bố để không lộ số liệu quá ít phiếu bên cạnh",
    "figure.window_open": "tính theo kỳ dài hơn, kỳ ấy chưa hết",
    "figure.not_asked": "bộ câu hỏi không hỏi",
    "figure.partial_total": "chưa đủ các trục nội dung",
    "quality.withheld": "quá {most}% số phiếu trong kỳ cần xem xét lại",
}
NAMES = {
    "total": "Tổng điểm",
    "satisfaction": "Tỷ lệ hài lòng (%)",
    "grade.not_satisfied": "Không hài lòng (%)",
    "grade.satisfied": "Hài lòng (%)",
    "grade.very_satisfied": "Rất hài lòng (%)",
}
BOUNDS = {"at_most": "≤ ", "at_least": "≥ ", None: ""}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("score", help="recompute the figures from a row file alone")
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="row file, either dialect")
    parser.add_argument(
        "--questionnaire",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a questionnaire version that does not ship with the program (JSON or YAML)",
    )
    parser.add_argument(
        "--as-of",
        type=_week,
        metavar="WEEK",
        help="the figures as they stood after the closing of that week, without later revisions",
    )
    parser.add_argument(
        "--dossiers",
        action="append",
        default=[],
        metavar="UNIT=FILE",
        help="a unit's finished dossiers by week and procedure group, as they are entered: for the weighted figures of --json",
    )
    parser.add_argument("--json", action="store_true", help="print every bulletin as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, _environ: Mapping[str, str]) -> int:
    """Print the figures; 1 when lines contradict themselves, 2 when the file cannot be counted."""
    from survey_app.content import schemes
    from survey_app.content.rules import quality_rules

    try:
        find = finder([*bundled(), *map(read_questionnaire, args.questionnaire)])
        counts = _read(args.file, find)
        weeks = _weeks(counts, args.as_of)
        # The table shows the last week alone.
        shown = weeks if args.json else weeks[-1:]
        reported = read_dossier_files(args.dossiers, counts.units, counts.versions)
        made = (
            replace(one, dossiers=reported.get(one.bulletin.unit, {}))
            for one in recompute(counts, schemes(), quality_rules(), shown, args.as_of)
        )
        text = as_json(counts, made, args.as_of) if args.json else as_table(counts, made)
    except RowFileError as error:
        print(f"{args.file}: {line_text(error.problem)}", file=sys.stderr)
        return WRONG_USE
    except (OSError, UnusableQuestionnaire, UnusableDossiers) as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    print(text)
    # Said to whoever holds the file: what is printed above may be passed on, and a week's lines may be few.
    print(f"Đã đọc {sum(counts.rows.values())} dòng.", file=sys.stderr)
    for finding in counts.findings:
        print(line_text(finding), file=sys.stderr)
    return FINDING if counts.findings else DONE


def _weeks(counts: FileCounts, as_of: Week | None) -> list[Week]:
    weeks = counts.weeks_until(as_of)
    if not weeks:
        params = {"first": str(counts.weeks[0]), "as_of": str(as_of)}
        raise RowFileError(Problem("rowfile.as_of", "1", params))
    return weeks


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a week such as 2026-W47") from error


def _read(path: Path, find: FindVersion) -> FileCounts:
    # Reading makes a million objects and no cycle: to look for cycles among them would take longer. So would looking often
    # while every unit in turn makes some hundred thousand that it leaves behind.
    gc.disable()
    try:
        with path.open("rb") as lines:
            return read_counts(lines, find)
    finally:
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        gc.enable()


class UnusableQuestionnaire(ValueError):
    """A file given with --questionnaire is none, or breaks the rules."""


def bundled() -> tuple[Questionnaire, ...]:
    """The versions that ship with the program."""
    from survey_app.content import released_questionnaires

    return released_questionnaires()


def read_questionnaire(path: Path) -> Questionnaire:
    """A compiled version (the JSON of the evidence page), or an authored YAML."""
    text = path.read_text(encoding="utf-8")
    try:
        return Questionnaire.from_json(text) if text.startswith("{") else _compiled(text)
    except ValueError as error:
        raise UnusableQuestionnaire(
            f"{path}: không phải là bộ câu hỏi dùng được. {error}"
        ) from error


def finder(versions: list[Questionnaire]) -> FindVersion:
    """Look up by the label in a row file's first column."""
    return {version.label: version for version in versions}.get


def as_json(counts: FileCounts, made: Iterable[Material], as_of: Week | None) -> str:
    """Every bulletin by unit and week with the figures beside it, and what they were computed from."""
    units: dict[str, dict[str, object]] = {unit: {} for unit in counts.units}
    for material in made:
        units[material.bulletin.unit][str(material.bulletin.week)] = material.as_json()
    result = {
        "as_of": str(as_of) if as_of else None,
        "first_week": str(counts.weeks[0]),
        "last_week": str(counts.weeks[-1]),
        "questionnaires": sorted(version.label for version in counts.versions.values()),
        "needs_earlier_weeks": [str(week) for week in early_weeks(counts)],
        "findings": [finding.as_json() for finding in counts.findings],
        "units": units,
    }
    return json.dumps(result, ensure_ascii=False, indent=1)


def early_weeks(counts: FileCounts) -> list[Week]:
    """Weeks whose figures may draw on weeks before the file's first."""
    return [week for week in counts.weeks if first_week_needed(week) < counts.weeks[0]]


def names(counts: FileCounts) -> dict[str, str]:
    """What figures are called: shares, dimensions with their sub-dimensions, questions."""
    from survey_app.content import schemes

    found = dict(NAMES)
    for version in counts.versions.values():
        for dimension in schemes()[version.structure.scheme].dimensions:
            found[dimension.code] = f"{dimension.code} {dimension.names['vi']}"
            for sub in dimension.subdimensions:
                found[sub.code] = f"{sub.code} {sub.names['vi']}"
        for question in version.questions:
            found[f"item.{question}"] = version.say("vi", f"{question}.text")
    return found


def as_table(counts: FileCounts, made: Iterable[Material]) -> str:
    """The last week of each unit, in Vietnamese."""
    called = names(counts)
    bulletins = [material.bulletin for material in made]
    lines = [line for bulletin in bulletins for line in _bulletin_lines(bulletin, called)]
    last = bulletins[-1].week
    if last in early_weeks(counts):
        needed = first_week_needed(last)
        lines += [
            f"Tệp bắt đầu từ tuần {counts.weeks[0]}. Số liệu tuần {last} có thể dùng các tuần từ {needed}:",
            "nếu trước tuần đầu của tệp đã có phiếu, hãy tải tệp từ tuần ấy rồi tính lại.",
        ]
    return "\n".join(lines)


def line_text(problem: Problem) -> str:
    """A complaint with its line number."""
    return f"Dòng {problem.where}: {WORDS[problem.code].format_map(dict(problem.params))}"


def _bulletin_lines(bulletin: Bulletin, called: Mapping[str, str]) -> Iterator[str]:
    forms = f"dưới {LIMITS.forms}" if bulletin.forms is None else bulletin.forms
    yield f"{bulletin.unit} · tuần {bulletin.week} · {forms} phiếu đầy đủ · tạm tính, mẫu tự chọn"
    yield "  Điểm hoặc tỷ lệ (khoảng tin cậy 95%), số phiếu; câu hỏi: % câu trả lời tốt"
    for figure in bulletin.figures.values():
        yield f"  {called.get(figure.key, figure.key)}"
        yield f"    {figure.window}: {_value(figure)}"
    yield ""


def _value(figure: Figure) -> str:
    if figure.withheld is not None:
        return WORDS[figure.withheld.code].format_map(dict(figure.withheld.params))
    decimals = 2 if figure.kind in {"dimension", "subdimension"} else 1
    text = BOUNDS[figure.bound] + _number(figure.value, decimals)
    if figure.low is not None:
        text += f" ({_number(figure.low, decimals)}–{_number(figure.high, decimals)})"
    partial = f", {figure.measured}/{figure.of} nội dung thành phần" * figure.is_partial
    return f"{text}, {figure.n} phiếu{partial}"


def _number(value: float | None, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def _compiled(text: str) -> Questionnaire:
    from survey_app.content import schemes
    from survey_app.content.catalogues import bundled_catalogues
    from survey_app.domain.authoring import compile_source, questionnaire_id

    # Its translations are part of a version: those that ship are taken, for others give the JSON.
    catalogues = bundled_catalogues(questionnaire_id(text))
    result = compile_source(text, catalogues, schemes())
    if result.questionnaire is None:
        raise ValueError("; ".join(f"{p.code} {p.where}" for p in result.problems[:5]))
    return result.questionnaire
