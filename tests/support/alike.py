"""Whether two tallies say the same."""

from dataclasses import fields

from survey_app.domain.tally import Series, Tally

STORES = ("indicators", "items", "shares")


def assert_alike(one: Tally, other: Tally) -> None:
    """The same to the last bit; a series of zeros says what none says."""
    for field in fields(Tally):
        if field.compare and field.name not in STORES:
            assert getattr(one, field.name) == getattr(other, field.name), field.name
    for name in STORES:
        series, others = (dict(getattr(made, name)) for made in (one, other))
        nothing = Series([0.0] * len(one.strata), [0] * len(one.strata))
        for key in series.keys() | others.keys():
            here, there = series.get(key, nothing), others.get(key, nothing)
            assert here.ratio == there.ratio, key
            assert (here.dont_know, here.refused) == (there.dont_know, there.refused), key
