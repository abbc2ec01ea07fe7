"""The control chart's picture tells no more than the numbers in its table."""

import pytest
from flask import Flask

from survey_app.content import load_scheme
from survey_app.domain.control import Chart, Judged
from survey_app.domain.movement import SATISFACTION
from survey_app.office.chart import Picture, draw


def picture(key: str, shift: float) -> Picture:
    """A chart whose every share is `shift` higher."""
    points = tuple(
        Judged(f"2026-W{10 + n}", p + shift, p - 0.05 + shift, p + 0.05 + shift, True, None)
        for n, p in enumerate((0.51, 0.52, 0.53))
    )
    return draw(Chart(0.52 + shift, points, 0.14), load_scheme(), key)


@pytest.mark.parametrize(("key", "printed"), [("5", 0.01 / 9), (SATISFACTION, 0.001)])
def test_places_are_no_finer_than_the_printed_numbers(app: Flask, key: str, printed: float) -> None:
    with app.test_request_context():
        assert picture(key, 0) == picture(key, printed / 10)
        assert picture(key, 0) != picture(key, printed * 3)
