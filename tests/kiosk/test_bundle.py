"""The page's modules joined to one file: all of them, each once, in order; and what cannot be joined is refused."""

import re
from pathlib import Path

import pytest

from survey_app.kiosk import bundle


@pytest.mark.parametrize("name", bundle.SCRIPTS)
def test_every_module_stands_once_after_those_it_imports(name: str) -> None:
    text = bundle.join(bundle.STATIC / name)
    order = re.findall(r"^// ---- (\S+)$", text, flags=re.MULTILINE)
    assert order[-1] == name
    assert len(set(order)) == len(order)
    for position, module in enumerate(order):
        source = (bundle.STATIC / module).read_text(encoding="utf-8")
        imported = re.findall(r'from "\./(\S+)"', source)
        assert set(imported) <= set(order[:position])
    assert not re.search(r"^(import|export)\b", text, flags=re.MULTILINE)


def test_what_is_joined_reads_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text(
        'import {\n  b,\n  c as d,\n} from "./b.js";\n\nexport class A {}\nb(d);\n'
    )
    (tmp_path / "b.js").write_text("export function b() {}\nexport const c = 1;\nconst own = 2;\n")
    assert bundle.join(tmp_path / "a.js") == (
        "// ---- b.js\nconst $b = (() => {\nfunction b() {}\nconst c = 1;\nconst own = 2;\n"
        "return { b, c };\n})();\n\n"
        "// ---- a.js\nconst $a = (() => {\nconst { b,\n  c: d } = $b;\n\nclass A {}\nb(d);\n"
        "return { A };\n})();\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        'import "./b.js";',
        'import * as b from "./b.js";',
        'import { b } from "elsewhere";',
        "export default class {}",
        "export let counted = 0;",
        "export { own };",
        'const b = await import("./b.js");',
    ],
)
def test_another_form_of_import_or_export_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.js").write_text(line + "\n")
    with pytest.raises(ValueError, match=r"a\.js"):
        bundle.join(tmp_path / "a.js")


def test_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\n')
    with pytest.raises(ValueError, match=r"a\.js → b\.js → a\.js"):
        bundle.join(tmp_path / "a.js")
