"""One gate that every output passes: whoever reads counts before it is listed here, with what keeps them from being told.

Counts of answers are in `domain` and `store`; what people see is made in the other rooms. There a figure comes as a bulletin or
as `Material`, which are gated. The few modules that read counts themselves are named; a new one fails here until somebody
has said how what it shows passes the gate, and has attacked it (docs/disclosure).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "survey_app"
# Rooms without an output of their own.
SILENT = ("domain", "store", "content")
# Modules that give counts or estimates as nobody may see them; of the second kind only some names do.
COUNTS = {
    "survey_app.domain.estimation",
    "survey_app.domain.reach",
    "survey_app.domain.rowfile_read",
    "survey_app.domain.sums",
    "survey_app.domain.tally",
    "survey_app.domain.weighting",
    "survey_app.store.break_offs",
    "survey_app.store.forms",
    "survey_app.store.frozen",
    "survey_app.store.judged_forms",
    "survey_app.store.psus",
    "survey_app.store.remarks",
    "survey_app.store.rows",
    "survey_app.store.schema",
    "survey_app.store.timing",
    "survey_app.store.totals",
    "survey_app.store.unit_quality",
    "survey_app.store.vintages",
}
SOME_COUNTS = {
    "survey_app.domain.doubt": {"flagged_forms", "forms_by_module", "tablet_forms_by_module"},
    "survey_app.domain.figures": {
        "dimension_figure",
        "item_figure",
        "share_figure",
        "subdimension_figure",
        "total_figure",
    },
    "survey_app.domain.movement": {"channel_forms"},
    "survey_app.store.fleet_reading": {"receipts", "tablets"},
}
# The store's other modules: people, places, tablets, keys, weeks' figures that have passed the gate, and forms on their way in.
NO_COUNTS = {
    *(
        "accounts",
        "actions",
        "authority",
        "backup",
        "codes",
        "dossiers",
        "engine",
        "fleet",
        "hours",
    ),
    *("inbox", "intake", "judging_again", "keyfile", "kiosks", "materials", "migrate", "pairing"),
    *("pins", "quality", "questionnaires", "restoring", "rewriting", "sealed_file", "sealing"),
    *("signing", "tables", "tables_accounts", "tables_figures", "tables_fleet", "tables_forms"),
    *("tables_places", "tables_quality", "units", "upsert", "verification", "writer"),
}
READERS = {
    "admin/dossiers.py": "which weeks have closed; dossiers are no answers",
    "admin/fleet.py": "forms by tablet, without answers, for administrators (docs/disclosure, outside the gate)",
    "commands/close_week.py": "forms of the vintages it made, for whoever runs the server",
    "commands/demo.py": "closes the weeks that it simulates",
    "commands/export.py": "the row file: named reviewers, outside the gate",
    "commands/rebuild.py": "recounts, prints no count",
    "commands/score.py": "a row file becomes Material",
    "evidence/selection.py": "the row file: named reviewers, outside the gate",
    "evidence/views.py": "the row file: named reviewers, outside the gate",
    "office/actions.py": "published windows alone, through Archive",
    "office/chart.py": "published windows alone, through Archive",
    "office/pulling.py": "published items alone; what_if discloses",
    "office/quality.py": "break-offs through domain.breakoff, in whole percent, of none or ten",
    "office/reaching.py": "counters through domain.reach.tellable, in whole percent",
    "office/remarks.py": "remarks of weeks whose number of forms is printed",
    "office/views.py": "the closed weeks; the running week's forms through sentences.arriving",
    "office/years.py": "published windows alone, through Archive",
    "serving.py": "closes weeks that are due",
}


def read_by(path: Path) -> Iterator[str]:
    """Names that a module imports, in full."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_count(name: str) -> bool:
    module, _, own = name.rpartition(".")
    return bool({name, module} & COUNTS) or own in SOME_COUNTS.get(module, ())


def test_whoever_reads_counts_before_the_gate_is_known() -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in SILENT and any(map(is_count, read_by(path)))
    }
    assert found == set(READERS)


def test_every_module_of_the_store_is_known_to_give_counts_or_none() -> None:
    prefix = "survey_app.store."
    known = {m.removeprefix(prefix) for m in {*COUNTS, *SOME_COUNTS} if m.startswith(prefix)}
    there = {path.stem for path in (PACKAGE / "store").glob("*.py")} - {"__init__"}
    assert known | NO_COUNTS == there
    assert not known & NO_COUNTS


def test_the_list_speaks_of_modules_that_there_are() -> None:
    for name in {*COUNTS, *SOME_COUNTS}:
        assert (PACKAGE.parent / f"{name.replace('.', '/')}.py").is_file(), name


def test_the_domains_only_way_to_a_printed_figure_is_the_gate() -> None:
    # A Figure with a value is made by `disclose` alone; others only take one away, or make it coarser.
    makers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Figure"
        and any(keyword.arg in {"value", None} for keyword in node.keywords)
    }
    assert makers == {"domain/disclosure.py"}
