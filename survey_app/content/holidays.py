"""Dates that move from year to year and that comparisons have to know."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML


@cache
def tet_dates() -> Mapping[int, date]:
    """The first day of the lunar year (Tết Nguyên đán, Vietnamese calendar) by year."""
    path = files("survey_app.content").joinpath("calendar", "tet.yaml")
    days: dict[int, date] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return days
