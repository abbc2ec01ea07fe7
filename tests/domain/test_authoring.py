"""A questionnaire file with a mistake: what is said, and in which line."""

import pytest

from tests.support.authored import SOUND, changed, checked, compiled, found, line_of

COURTEOUS = "text: Cán bộ có lịch sự không?"
AIR = "text: Nơi Ông/Bà ở có trong lành không?"
STAGE = "text: Ông/Bà đang ở bước nào?"
COLLECT = "show_if: {question: stage, in: [collect]}"
SUBDIMENSION = 'subdimension: "7.2"'

# What replaces what, the code of the problem, and a piece of the line it is reported in.
MISTAKES = [
    # YAML
    ("kind: integer", "kind: integer\n        kind: single", "yaml.duplicate_key", "kind: single\n        text: Ông/Bà đã"),
    ('code: "yes"', "code: yes", "yaml.quote", "code: yes"),
    ('{code: "18_34"', "{code: 007", "yaml.quote", "007"),
    ("title: Khảo sát nhỏ", "title: &t Khảo sát nhỏ\nx: *t", "shape.unknown_key", "x: *t"),
    # form
    ("kind: integer", "kind: number", "shape.one_of", "kind: number"),
    ("maximum: 9", "maximum: nine", "shape.integer", "maximum: nine"),
    ("maximum: 9", "maximun: 9", "shape.unknown_key", "maximun"),
    ("    shuffle: true", "    shuffle: often", "shape.boolean", "shuffle: often"),
    (COURTEOUS, "", "shape.missing", "- id: courteous"),
    ("id: stage", "id: Stage", "shape.pattern", "id: Stage"),
    (SUBDIMENSION, "subdimension: 7.2", "yaml.quote", "subdimension: 7.2"),
    (SUBDIMENSION, 'subdimension: "72"', "shape.subdimension", 'subdimension: "72"'),
    ("scale: [1, 9]", "scale: [1, 5, 9]", "shape.too_many", "scale: [1, 5, 9]"),
    ("scale: [1, 9]", "scale: [1]", "shape.too_few", "scale: [1]"),
    ("version: 1", "version: 0", "shape.too_small", "version: 0"),
    ("title: Khảo sát nhỏ", 'title: ""', "shape.empty", 'title: ""'),
    ("title: Khảo sát nhỏ", 'title: " Khảo sát"', "shape.spaces", 'title: " Khảo sát"'),
    ("title: Khảo sát nhỏ", "title: " + "a " * 300 + "b", "shape.too_long", "title: a a"),
    ("choices: yes_no", "choices: {a: b}", "shape.list", "choices: {a: b}"),
    ("choices: yes_no", "choices: [Có, Không]", "shape.mapping", "choices: [Có, Không]"),
    # ids, codes, kinds
    ("id: stage", "id: procedure", "id.duplicate", "id: procedure\n        kind: single\n        text"),
    ("id: visits", "id: week", "id.reserved", "id: week"),
    ("- id: second", "- id: first", "block.duplicate", "- id: first\n    module: 1"),
    ("{code: other,", "{code: cert,", "code.duplicate", "{code: cert, label: Việc"),
    ("{code: submit,", "{code: refused,", "code.reserved", "{code: refused,"),
    ("choices: yes_no", "choices: no_yes", "choices.unknown_set", "choices: no_yes"),
    ("choices:\n", "choices:\n  other_set: [{code: a1, label: A}, {code: b1, label: B}]\n", "choices.unused", "other_set"),
    ("kind: remark", "kind: remark\n        minimum: 0", "kind.forbids", "minimum: 0"),
    ("kind: remark", "kind: remark\n        choices: [{code: a1, label: A}]", "kind.forbids", "choices: [{code: a1"),
    ("kind: remark", "kind: remark\n        maximum: 3", "kind.forbids", "maximum: 3"),
    ("[{code: submit, label: Nộp hồ sơ}, ", "[", "kind.needs_choices", "- id: stage"),
    ("maximum: 9", "maximum: 1", "kind.needs_range", "- id: visits"),
    # roles
    ("        role: procedure\n", "", "role.one_procedure", "format: 1"),
    (STAGE, STAGE + "\n        role: procedure", "role.one_procedure", "role: procedure\n        choices: [{code: submit"),
    (STAGE, STAGE + "\n        role: age", "role.once", "role: age\n        text"),
    ("kind: integer", "kind: integer\n        role: sex", "role.single", "role: sex"),
    (STAGE, STAGE + "\n        role: criterion", "role.criterion", "role: criterion\n        choices: [{code: submit"),
    (STAGE, STAGE + "\n        role: satisfaction", "role.grades", "role: satisfaction"),
    (AIR, AIR + "\n        role: satisfaction", "role.always", "role: satisfaction"),
    # modules
    ("module: 1", "module: 2", "module.numbers", "module: 0"),
    ("module: 1", "module: 1\n    core: true", "module.core", "core: true\n    questions:\n      - id: visits"),
    # conditions
    ("question: stage, in: [collect]", "question: steps, in: [collect]", "condition.unknown", "question: steps"),
    ("question: stage, in: [collect]", "question: age, in: [refused]", "condition.later", "question: age"),
    ("question: stage, in: [collect]", "question: on_time, in: [refused]", "condition.later", "question: on_time"),
    ("question: stage, in: [collect]", 'question: courteous, in: ["yes"]', "condition.shuffled", "question: courteous"),
    ("question: stage, in: [collect]", "question: stage, in: [done]", "condition.unknown_code", "in: [done]"),
    ("question: stage, in: [collect]", "question: stage, in: [dont_know]", "condition.unknown_code", "in: [dont_know]"),
    ("question: stage, in: [collect]", "question: stage, in: []", "shape.too_few", "in: []"),
    ("question: stage, in: [collect]", "question: stage", "shape.missing", "show_if: {question: stage}"),
    ("kind: integer", 'kind: integer\n        show_if: {question: air, in: ["yes"]}', "condition.other_module",
     "question: air"),
    # indicators
    ("scheme: papi-2019", "scheme: papi-2030", "scheme.unknown", "scheme: papi-2030"),
    (SUBDIMENSION, 'subdimension: "7.9"', "scheme.no_subdimension", 'subdimension: "7.9"'),
    ('cert: "5.1"', 'cert: "5.9"', "scheme.no_subdimension", 'cert: "5.9"'),
    ('{cert: "5.1", ', "{", "indicator.group_missing", 'by_group: {other: "5.4"}'),
    ('{cert: "5.1", ', '{land: "5.3", cert: "5.1", ', "indicator.group_unknown", "land"),
    (SUBDIMENSION, SUBDIMENSION + ', by_group: {cert: "5.1", other: "5.4"}', "indicator.both", '"7.2", by_group'),
    ("scale: [1, 9]", "scale: [9, 1]", "indicator.scale", "scale: [9, 1]"),
    ("scale: [1, 9]", "scale: [1, 8]", "indicator.range", "scale: [1, 8]"),
    ("label: Có, value: 1", "label: Có, value: 2", "indicator.outside", "choices: yes_no"),
    ("label: Có, value: 1", "label: Có", "indicator.ends", "choices: yes_no"),
    ("dont_know: true\n        refusable: true\n        indicator: {scale: [1, 9], direction: negative, evidence: experience}",
     "dont_know: true\n        refusable: true\n        indicator: effort", "indicator.unknown_set", "indicator: effort"),
    # paths
    (COLLECT, "show_if: {all: [{question: stage, in: [collect]}, {question: stage, in: [submit]}]}",
     "path.unreachable",
     "show_if: {all"),
    (COLLECT, "show_if: {question: procedure, in: [other]}", "path.few_indicators", "indicator: {scale: [0, 1]"),
    ('subdimension: "7.2", evidence: reference', 'subdimension: "7.2", evidence: experience', "path.few_indicators",
     '"7.2", evidence: experience'),
    # wording
    (COURTEOUS, "text: " + "Ông/Bà thấy cán bộ " + "rất " * 15 + "lịch sự không?", "text.long", "rất rất"),
    (COURTEOUS, "text: Cán bộ có lịch sự không", "text.question_mark", "lịch sự không\n"),
    (COURTEOUS, "text: Cán bộ làm TTHC có lịch sự không?", "text.abbreviation", "TTHC"),
    ("label: Nộp hồ sơ", "label: Nộp ở UBND", "text.abbreviation", "UBND"),
    ("title: Khảo sát nhỏ", "title: Khảo sát DVC", "text.abbreviation", "DVC"),
    (COURTEOUS, "text: Cán bộ có không lịch sự không?", "text.double_negative", "có không lịch sự"),
    (COURTEOUS, "text: Không phải là cán bộ không lịch sự?", "text.double_negative", "Không phải là"),
    (COURTEOUS, "text: Chẳng phải cán bộ chưa lịch sự?", "text.double_negative", "Chẳng phải"),
    (COURTEOUS, "text: Cán bộ không từ chối giúp Ông/Bà?", "text.double_negative", "không từ chối"),
    (COURTEOUS, "text: Cán bộ có lịch sự với bạn không?", "text.address", "với bạn"),
    (COURTEOUS, "text: Cán bộ có lịch sự với ông/bà không?", "text.address", "với ông/bà"),
    (COURTEOUS, "text: Cán bộ có lịch sự với Quý khách không?", "text.address", "Quý khách"),
    ("        dont_know: true\n", "", "text.no_dont_know", "- id: courteous"),
    ("dont_know: true\n        refusable: true\n", "dont_know: true\n", "text.no_refusal", "- id: courteous"),
    ("trở lên}]\n        refusable: true\n", "trở lên}]\n", "text.no_refusal", "- id: age"),
    (STAGE, STAGE + "\n        sensitive: true", "text.no_dont_know", "- id: stage"),
    ("title: Khảo sát nhỏ", "title: Kha\u0309o sát nhỏ", "text.not_nfc", "title: Kha"),
]  # fmt: skip


def test_the_sound_file_is_sound() -> None:
    result = checked(SOUND)
    assert result.problems == ()
    assert result.questionnaire is not None
    assert [longest.module for longest in result.longest] == [0, 1]


@pytest.mark.parametrize(("old", "new", "code", "piece"), MISTAKES)
def test_a_mistake_is_named_with_its_line(old: str, new: str, code: str, piece: str) -> None:
    text = changed((old, new))
    assert (line_of(text, piece), code) in found(text)
    assert checked(text).questionnaire is None


def test_every_mistake_is_told_at_once_whatever_its_sort() -> None:
    text = changed(
        ("version: 1", 'version: "1"'),
        ("title: Khảo sát nhỏ", "title: Khảo sát DVC"),
        ('code: "no"', "code: no"),
        (COURTEOUS, "text: Cán bộ có không lịch sự không"),
        ("in: [collect]", "in: [done]"),
        ("kind: integer", "kind: number"),
        ("[{code: submit, label: Nộp hồ sơ}, ", "["),
    )
    codes = {code for _, code in found(text)}
    assert codes >= {
        "shape.integer",
        "text.abbreviation",
        "yaml.quote",
        "text.double_negative",
        "text.question_mark",
        "condition.unknown_code",
        "shape.one_of",
        "kind.needs_choices",
    }
    assert [line for line, _ in found(text)] == sorted(line for line, _ in found(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "yaml.empty"),
        ("# only a comment\n", "yaml.empty"),
        ("a: [1\nb: 2\n", "yaml.syntax"),
        ("a: 1\n\tb: 2\n", "yaml.syntax"),
        ("a: *nowhere\n", "yaml.syntax"),
        ("a: 1\n---\nb: 2\n", "yaml.syntax"),
        ("a: \x00\n", "yaml.unreadable"),
        ("[" * 5000, "yaml.unreadable"),
        ("a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: {n: 1}}}}}}}}}}}}}", "yaml.too_deep"),
        ("a: &x [1]\nb: *x\n", "yaml.alias"),
        ("? [a, b]\n: 1\n", "yaml.key"),
        ("a: 1\n" * 60_000, "yaml.too_long"),
        ("just words", "shape.mapping"),
        ("- a\n- b\n", "shape.mapping"),
        ("blocks: 5\n", "shape.list"),
        ("blocks: [5]\n", "shape.mapping"),
        ("a: !!python/object:os.system x\n", "yaml.quote"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused_without_a_crash(text: str, code: str) -> None:
    assert code in {found_code for _, found_code in found(text)}


def test_a_syntax_error_names_its_line() -> None:
    text = changed(("title: Khảo sát nhỏ", "title: [Khảo sát nhỏ"))
    assert found(text) == [(line_of(text, "intro:"), "yaml.syntax")]


def test_a_question_with_a_mistake_does_not_make_conditions_on_it_wrong_too() -> None:
    text = changed((STAGE, ""))
    assert found(text) == [(line_of(text, "- id: stage"), "shape.missing")]


def test_an_abbreviation_is_explained_by_the_glossary_and_on_the_same_screen() -> None:
    glossary = ("choices:\n  yes_no", "glossary: {UBND: Ủy ban nhân dân}\nchoices:\n  yes_no")
    only_used = changed(glossary, (COURTEOUS, "text: Cán bộ UBND có lịch sự không?"))
    spelled_out = changed(
        glossary,
        (
            COURTEOUS,
            "text: Cán bộ UBND có lịch sự không?\n        help: UBND là Ủy ban nhân dân.",
        ),
    )
    assert [code for _, code in found(only_used)] == ["text.abbreviation"]
    assert found(spelled_out) == []


@pytest.mark.parametrize(
    "words",
    ["Không khí ở đây có trong lành không?", "Ông/Bà có biết hay không?", "Ông/Bà đã nhận chưa?"],
)
def test_one_denial_is_not_two(words: str) -> None:
    assert found(changed((AIR, f"text: {words}"))) == []


def test_modules_have_equal_length() -> None:
    block = SOUND[SOUND.index("      - id: air") : SOUND.index("  - id: second")]
    text = changed((block, block + block.replace("id: air", "id: water")))
    assert found(text) == [(line_of(text, "- id: second"), "module.length")]


def test_conditions_that_branch_beyond_following_are_refused_not_followed() -> None:
    gates = "".join(
        f"""
      - id: gate{i}
        kind: single
        text: Câu {i}?
        choices: yes_no"""
        for i in range(16)
    )
    leaves = ", ".join(f'{{question: gate{i}, in: ["yes"]}}' for i in range(16))
    follower = f"""
      - id: last
        kind: single
        text: Câu cuối?
        choices: yes_no
        show_if: {{all: [{leaves}]}}
"""
    text = changed(
        ("  - id: quality\n", f"  - id: gates\n    questions:{gates}{follower}  - id: quality\n")
    )
    assert [code for _, code in found(text)] == ["path.too_many"]


def test_compiling_twice_gives_the_same_bytes_and_they_read_back() -> None:
    first, second = compiled(), compiled()
    assert first.hash == second.hash
    assert type(first).from_json(first.canonical) == first


def test_comments_and_layout_do_not_change_the_hash() -> None:
    assert compiled("# another comment\n" + SOUND).hash == compiled().hash
