"""A small sound questionnaire file, and what the checker says of a changed copy."""

from survey_app.content import load_scheme
from survey_app.domain.authoring import Catalogues, Result, compile_source
from survey_app.domain.questionnaire import Questionnaire

SOUND = """\
format: 1
id: small-survey
version: 1
scheme: papi-2019
title: Khảo sát nhỏ
intro: Xin Ông/Bà cho ý kiến.
choices:
  yes_no:
    - {code: "yes", label: Có, value: 1}
    - {code: "no", label: Không, value: 0}
blocks:
  - id: matter
    core: true
    questions:
      - id: procedure
        kind: single
        role: procedure
        text: Ông/Bà đến về việc gì?
        choices: [{code: cert, label: Chứng thực}, {code: other, label: Việc khác}]
        refusable: true
      - id: stage
        kind: single
        text: Ông/Bà đang ở bước nào?
        choices: [{code: submit, label: Nộp hồ sơ}, {code: collect, label: Nhận kết quả}]
  - id: quality
    core: true
    shuffle: true
    questions:
      - id: courteous
        kind: single
        role: criterion
        text: Cán bộ có lịch sự không?
        choices: yes_no
        dont_know: true
        refusable: true
        indicator: {scale: [0, 1], direction: positive, by_group: {cert: "5.1", other: "5.4"}, evidence: experience}
      - id: on_time
        kind: single
        role: criterion
        text: Ông/Bà có nhận kết quả đúng hẹn không?
        choices: yes_no
        dont_know: true
        refusable: true
        show_if: {question: stage, in: [collect]}
        indicator: {scale: [0, 1], direction: positive, by_group: {cert: "5.1", other: "5.4"}, evidence: experience}
  - id: first
    module: 0
    questions:
      - id: air
        kind: single
        text: Nơi Ông/Bà ở có trong lành không?
        choices: yes_no
        dont_know: true
        refusable: true
        indicator: {scale: [0, 1], direction: positive, subdimension: "7.2", evidence: reference}
  - id: second
    module: 1
    questions:
      - id: visits
        kind: integer
        text: Ông/Bà đã đến mấy lần?
        minimum: 1
        maximum: 9
        dont_know: true
        refusable: true
        indicator: {scale: [1, 9], direction: negative, evidence: experience}
  - id: about_you
    questions:
      - id: age
        kind: single
        role: age
        text: Ông/Bà thuộc nhóm tuổi nào?
        choices: [{code: "18_34", label: Từ 18 đến 34 tuổi}, {code: "35_up", label: Từ 35 tuổi trở lên}]
        refusable: true
  - id: remark
    questions:
      - id: remark
        kind: remark
        text: Ông/Bà muốn góp ý điều gì?
"""


def changed(*changes: tuple[str, str]) -> str:
    """The sound file with each first piece replaced by the second, once; a piece must be there."""
    text = SOUND
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def checked(
    text: str, catalogues: Catalogues | None = None, previous: Questionnaire | None = None
) -> Result:
    """What the checker says, with the real scheme and no translations unless given."""
    return compile_source(text, catalogues or {}, {"papi-2019": load_scheme()}, previous)


def found(text: str) -> list[tuple[int, str]]:
    """Line and code of every problem."""
    return [(int(str(p.params["line"])), p.code) for p in checked(text).problems]


def line_of(text: str, piece: str) -> int:
    """The line on which `piece` first stands."""
    return text[: text.index(piece)].count("\n") + 1


def compiled(text: str = SOUND) -> Questionnaire:
    """The questionnaire of a sound file."""
    result = checked(text)
    assert result.questionnaire is not None, result.problems
    return result.questionnaire
