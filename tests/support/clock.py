"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# A Monday morning three hours after week 2026-W47 has closed.
START = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL_ZONE)


class FakeClock:
    """Callable like `survey_app.domain.weeks.Clock`; returns an aware UTC moment."""

    def __init__(self, moment: datetime = START) -> None:
        self._moment = moment.astimezone(UTC)

    def __call__(self) -> datetime:
        return self._moment

    def set(self, local: str) -> None:
        """Move to a local date and time such as "2026-11-30 06:00"."""
        self._moment = datetime.fromisoformat(local).replace(tzinfo=LOCAL_ZONE).astimezone(UTC)

    def advance(self, **span: float) -> None:
        """Move on by `timedelta(**span)`, for example `advance(minutes=16)`."""
        self._moment += timedelta(**span)
