"""A small integer programme: variables, linear conditions, and the range of a sum (HiGHS)."""

from collections.abc import Mapping

import highspy

Sum = Mapping[int, float]
SECONDS = 10.0


class Programme:
    """Whole-number variables under linear conditions."""

    def __init__(self) -> None:
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the library has no types here
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("time_limit", SECONDS)
        self.size = 0

    def whole(self, low: float = 0, high: float = highspy.kHighsInf) -> int:
        """A new variable's number."""
        self.solver.addVar(low, high)
        self.solver.changeColIntegrality(self.size, highspy.HighsVarType.kInteger)
        self.size += 1
        return self.size - 1

    def between(
        self, terms: Sum, low: float = -highspy.kHighsInf, high: float = highspy.kHighsInf
    ) -> None:
        """A condition: low ≤ Σ factor · variable ≤ high."""
        self.solver.addRow(low, high, len(terms), list(terms), list(terms.values()))

    def reached(self, terms: Sum, *, most: bool) -> float | None:
        """The least or most of a sum that was reached; None: the conditions contradict each other.

        What is reached is reachable: a range between two of these is never too wide, even when
        time ran out.
        """
        sense = highspy.ObjSense.kMaximize if most else highspy.ObjSense.kMinimize
        self.solver.changeObjectiveSense(sense)
        for variable in range(self.size):
            self.solver.changeColCost(variable, terms.get(variable, 0.0))
        self.solver.run()
        info = self.solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        return float(info.objective_function_value)


def add(*sums: tuple[float, Sum]) -> dict[int, float]:
    """Σ factor · sum."""
    result: dict[int, float] = {}
    for factor, terms in sums:
        for variable, value in terms.items():
            result[variable] = result.get(variable, 0.0) + factor * value
    return result
