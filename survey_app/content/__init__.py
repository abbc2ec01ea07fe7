"""What ships with the program as data: questionnaires, schemes, units, published figures.

The files hold the facts; this module only reads them. Everything is read once and is immutable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from survey_app.content.catalogues import bundled_catalogues
from survey_app.domain.authoring import Result, compile_source
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Scheme, build_scheme

DEFAULT_QUESTIONNAIRE = "hai-long-mot-cua"
DEFAULT_SCHEME = "papi-2019"
_SCHEMES = ("papi-2019",)
_QUESTIONNAIRES = ("hai-long-mot-cua",)


class ContentError(RuntimeError):
    """A file that ships with the program is broken."""


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A published result to set beside ours; never joined to it.

    `dimensions` by code, 1 to 10 each; `total` 8 to 80 (scale "papi-1-10"). `source` names where it comes from.
    """

    area: str
    names: Mapping[str, str]
    year: int
    dimensions: Mapping[str, Decimal]
    total: Decimal
    scale: str
    source: str
    note: str | None


@dataclass(frozen=True, slots=True)
class UnitCounter:
    """A counter as an installation starts with it; `id` ending in -online takes the code forms."""

    id: str
    name: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PredecessorUnit:
    """A unit that was merged into another; its code may live on with a new meaning."""

    code: str
    name: str
    kind: str
    valid_to: date


@dataclass(frozen=True, slots=True)
class BundledUnit:
    """A unit of the installation with its counters and the units it was made from."""

    code: str
    name: str
    kind: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    hotline: str | None
    counters: tuple[UnitCounter, ...]
    predecessors: tuple[PredecessorUnit, ...]

    @property
    def id(self) -> str:
        """code@valid_from: a code alone has meant different places."""
        return f"{self.code}@{self.valid_from}"


@cache
def load_scheme(scheme_id: str = DEFAULT_SCHEME) -> Scheme:
    """A scoring scheme by id; raises KeyError for an unknown one."""
    if scheme_id not in _SCHEMES:
        raise KeyError(scheme_id)
    return build_scheme(_read(f"schemes/{scheme_id}.yaml"))


def schemes() -> dict[str, Scheme]:
    """Every scheme by id."""
    return {scheme_id: load_scheme(scheme_id) for scheme_id in _SCHEMES}


def questionnaire_source(questionnaire_id: str = DEFAULT_QUESTIONNAIRE) -> str:
    """The authored YAML of a bundled questionnaire; raises KeyError for an unknown one."""
    if questionnaire_id not in _QUESTIONNAIRES:
        raise KeyError(questionnaire_id)
    return _text(f"questionnaires/{questionnaire_id}.yaml")


@cache
def check_bundled(questionnaire_id: str = DEFAULT_QUESTIONNAIRE) -> Result:
    """The full result of compiling a bundled questionnaire, reading times included."""
    source = questionnaire_source(questionnaire_id)
    return compile_source(source, bundled_catalogues(questionnaire_id), schemes())


def bundled_questionnaire(questionnaire_id: str = DEFAULT_QUESTIONNAIRE) -> Questionnaire:
    """A bundled questionnaire, compiled; raises ContentError when its files are broken."""
    result = check_bundled(questionnaire_id)
    if result.questionnaire is None:
        first = "; ".join(
            f"{p.params.get('line')}: {p.code} {p.where}" for p in result.problems[:5]
        )
        raise ContentError(f"{questionnaire_id}: {first}")
    return result.questionnaire


def bundled_questionnaires() -> tuple[Questionnaire, ...]:
    """Every bundled questionnaire, compiled."""
    return tuple(bundled_questionnaire(questionnaire_id) for questionnaire_id in _QUESTIONNAIRES)


@cache
def released_questionnaires() -> tuple[Questionnaire, ...]:
    """Every version that ever shipped, byte for byte as published: row files name them for ever."""
    folder = files("survey_app.content").joinpath("released")
    paths = {path.name: path for path in folder.iterdir() if path.name.endswith(".json")}
    return tuple(Questionnaire.from_json(paths[name].read_bytes()) for name in sorted(paths))


@cache
def published_figures() -> tuple[PublishedFigure, ...]:
    """Published PAPI results, oldest first, each with its source."""
    data = _read("published/papi.yaml")
    figures = (_figure(data, item) for item in data["figures"])
    return tuple(sorted(figures, key=lambda figure: (figure.area, figure.year)))


@cache
def units() -> tuple[BundledUnit, ...]:
    """The units of the first installation, parents before children."""
    return tuple(_unit(item) for item in _read("units/my-hao.yaml")["units"])


def _figure(data: dict[str, Any], item: dict[str, Any]) -> PublishedFigure:
    return PublishedFigure(
        area=item["area"],
        names=dict(item["names"]),
        year=item["year"],
        dimensions={code: Decimal(score) for code, score in item["dimensions"].items()},
        total=Decimal(item["total"]),
        scale=data["scale"],
        source=data["sources"][item["source"]],
        note=item.get("note"),
    )


def _unit(item: dict[str, Any]) -> BundledUnit:
    return BundledUnit(
        code=item["code"],
        name=item["name"],
        kind=item["kind"],
        parent=item["parent"],
        valid_from=date.fromisoformat(item["valid_from"]),
        valid_to=date.fromisoformat(item["valid_to"]) if item["valid_to"] else None,
        hotline=item["hotline"],
        counters=tuple(
            UnitCounter(c["id"], c["name"], tuple(c["services"])) for c in item["counters"]
        ),
        predecessors=tuple(
            PredecessorUnit(p["code"], p["name"], p["kind"], date.fromisoformat(p["valid_to"]))
            for p in item["predecessors"]
        ),
    )


def _read(path: str) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(_text(path))
    return data


def _text(path: str) -> str:
    return files("survey_app.content").joinpath(*path.split("/")).read_text(encoding="utf-8")
