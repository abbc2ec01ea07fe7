"""What can be wrong, as data. Words for it live only in the web shell."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint about one place.

    `code` names the rule, `where` the question, field or line, `params` the numbers a message needs.
    """

    code: str
    where: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The problem as the API and the inbox carry it."""
        return {"code": self.code, "where": self.where, "params": dict(self.params)}
