"""Published PAPI figures, to stand beside ours and never be joined to them."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from survey_app.content import PublishedFigure, published_figures
from survey_app.domain.scheme import Scheme
from survey_app.web import formats
from survey_app.web.i18n import gettext, language

# PAPI 2025 is the first on the provinces of today.
LAST_YEAR_OF_OLD_PROVINCE = 2024


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure to stand beside ours."""

    area: str
    year: int
    value: str


@dataclass(frozen=True, slots=True)
class PapiTable:
    """All published figures: a column an area and year, a row a dimension, the totals last."""

    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def latest_published(code: str) -> tuple[Published, ...]:
    """The latest figure of each area that has one for this dimension."""
    latest: dict[str, PublishedFigure] = {}
    for figure in published_figures():  # oldest first within an area
        if code in figure.dimensions:
            latest[figure.area] = figure
    return tuple(
        Published(_area(figure), figure.year, _two_decimals(figure.dimensions[code]))
        for figure in latest.values()
    )


def papi_table(scheme: Scheme) -> PapiTable:
    """Every published figure by year and dimension."""
    figures = published_figures()
    rows = [
        (
            f"{d.code}. {d.names[language()]}",
            tuple(_two_decimals(figure.dimensions.get(d.code)) for figure in figures),
        )
        for d in scheme.dimensions
    ]
    total = (gettext("Total"), tuple(_two_decimals(figure.total) for figure in figures))
    return PapiTable(
        columns=tuple((figure.names[language()], figure.year) for figure in figures),
        rows=(*rows, total),
        notes=tuple(figure.note for figure in figures if figure.note),
        sources=tuple(dict.fromkeys(figure.source for figure in figures)),
    )


def _area(figure: PublishedFigure) -> str:
    name = figure.names[language()]
    if figure.area != "hung-yen" or figure.year > LAST_YEAR_OF_OLD_PROVINCE:
        return name
    return gettext("%(area)s (before 01/07/2025)", area=name)


def _two_decimals(value: Decimal | None) -> str:
    if value is None:
        return formats.DASH
    return formats.score(float(value.quantize(Decimal("0.01"), ROUND_HALF_UP)))
