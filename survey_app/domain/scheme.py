"""A scoring scheme: dimensions and their sub-dimensions with fixed ranges (PAPI 2019 on)."""

from dataclasses import dataclass

from survey_app.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class SubDimension:
    """A sub-dimension such as 5.4, scored from `low` to `high` (1/m to 10/m, m to a dimension)."""

    code: str
    names: dict[str, str]
    low: float
    high: float

    @property
    def dimension(self) -> str:
        """Code of the dimension it belongs to."""
        return self.code.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension such as 5, scored 1 to 10: the sum of its sub-dimensions."""

    code: str
    names: dict[str, str]
    subdimensions: tuple[SubDimension, ...]
    low: float = 1.0
    high: float = 10.0


@dataclass(frozen=True, slots=True)
class Scheme:
    """A named set of dimensions; two schemes' totals are never compared."""

    id: str
    source: str
    dimensions: tuple[Dimension, ...]

    def subdimension(self, code: str) -> SubDimension:
        """Look up by code; raises KeyError."""
        for dimension in self.dimensions:
            for sub in dimension.subdimensions:
                if sub.code == code:
                    return sub
        raise KeyError(code)

    def dimension(self, code: str) -> Dimension:
        """Look up by code; raises KeyError."""
        for dimension in self.dimensions:
            if dimension.code == code:
                return dimension
        raise KeyError(code)


def build_scheme(data: dict[str, object]) -> Scheme:
    """A scheme from its file's content; raises SchemeError with every problem found.

    Ranges are derived, not read: m sub-dimensions of a dimension run from 1/m to 10/m, so that
    the dimension runs 1 to 10.
    """
    problems: list[Problem] = []
    dimensions = tuple(_dimension(item, problems) for item in _items(data, "dimensions"))
    if problems:
        raise SchemeError(problems)
    return Scheme(str(data["id"]), str(data["source"]), dimensions)


class SchemeError(ValueError):
    """The scheme file breaks its own rules."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{p.code} {p.where}" for p in problems))
        self.problems = problems


def _dimension(item: dict[str, object], problems: list[Problem]) -> Dimension:
    code = str(item["code"])
    entries = _items(item, "subdimensions")
    count = len(entries)
    subs = []
    for position, entry in enumerate(entries, start=1):
        sub_code = str(entry["code"])
        if sub_code != f"{code}.{position}":
            problems.append(Problem("scheme.subdimension_code", sub_code))
        subs.append(SubDimension(sub_code, _names(entry), 1 / count, 10 / count))
    return Dimension(code, _names(item), tuple(subs))


def _names(item: dict[str, object]) -> dict[str, str]:
    return {"vi": str(item["vi"]), "en": str(item["en"])}


def _items(data: dict[str, object], key: str) -> list[dict[str, object]]:
    items = data[key]
    if not isinstance(items, list):
        raise SchemeError([Problem("scheme.list_expected", key)])
    return items
