"""How often what may be done. In memory: what must hold across restarts and processes (misses of a code) is in the database."""

from dataclasses import dataclass, field

from survey_app.domain.rates import Buckets, Rate

# A tablet's queue of 2,000 forms drains in one go.
FORMS = Rate(burst=5_000, per_second=20)
HEARTBEATS = Rate(burst=30, per_second=0.2)
PAIRING = Rate(burst=20, per_second=0.1)
CODES = Rate(burst=600, per_second=10)


@dataclass(frozen=True, slots=True)
class Limits:
    """`forms`, `beats`: one bucket a tablet; `pairing`, `codes`: one for everybody, since an address says nothing."""

    forms: Buckets = field(default_factory=lambda: Buckets(FORMS))
    beats: Buckets = field(default_factory=lambda: Buckets(HEARTBEATS))
    pairing: Buckets = field(default_factory=lambda: Buckets(PAIRING))
    codes: Buckets = field(default_factory=lambda: Buckets(CODES))
