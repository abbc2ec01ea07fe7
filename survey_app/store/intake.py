"""Taking forms in: one writer thread a process, and forms that wait together share one commit.

An answer goes out after COMMIT only. A form is whole or absent. If a group fails, its forms are tried again one by one, so
that one bad form cannot hold up the others.
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from survey_app.domain.submission import Submission as Submission
from survey_app.domain.weeks import Clock, local_day
from survey_app.store import inbox, timing
from survey_app.store.engine import Database
from survey_app.store.inbox import Rejected as Rejected
from survey_app.store.writer import Outcome as Outcome
from survey_app.store.writer import write_group

MOST_A_COMMIT = 64
_log = logging.getLogger(__name__)


class NotStored(RuntimeError):
    """The form is not stored and no part of it is; the cause says why. The sender keeps it and tries again."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    item: Submission | Rejected
    done: "Future[Outcome | None]" = field(default_factory=Future)


class Intake:
    """The one way into `response` and `inbox`. The writer thread starts at the first use."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._state = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._fails = False

    def submit(self, submission: Submission) -> Outcome:
        """Store one form; returns after its commit. Raises NotStored."""
        return _outcome(self._enqueue([submission])[0])

    def submit_many(self, submissions: Sequence[Submission]) -> list[Outcome | NotStored]:
        """Store forms, each whole or absent by itself; outcomes in their order, after their commits."""
        return [_outcome_or_error(job) for job in self._enqueue(submissions)]

    def reject(self, rejected: Rejected) -> None:
        """Keep a body that was not accepted; returns after its commit. Raises NotStored."""
        self._enqueue([rejected])[0].done.result()

    def close(self) -> None:
        """Write what waits, then stop; later forms are refused with NotStored."""
        with self._state:
            self._closed = True
            thread = self._thread
            self._waiting.put(None)
        if thread is not None:
            thread.join()

    def _enqueue(self, items: Sequence[Submission | Rejected]) -> list[_Job]:
        jobs = [_Job(item) for item in items]
        with self._state:
            if self._closed:
                raise NotStored("the server is stopping")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()
            for job in jobs:
                self._waiting.put(job)
        return jobs

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            group, is_last = self._group(job)
            self._write(group)
            if is_last:
                return

    def _group(self, job: _Job) -> tuple[list[_Job], bool]:
        group = [job]
        while len(group) < MOST_A_COMMIT:
            try:
                following = self._waiting.get_nowait()
            except Empty:
                break
            if following is None:
                return group, True
            group.append(following)
        return group, False

    def _write(self, group: list[_Job]) -> None:
        try:
            self._commit(group)
        except Exception as error:  # noqa: BLE001 whatever it is, nobody may wait for ever
            if isinstance(error, OperationalError):
                self._say(error)
            if len(group) > 1:
                self._write_singly(group)
            else:
                _fail(group, error)

    def _write_singly(self, group: list[_Job]) -> None:
        for number, job in enumerate(group):
            try:
                self._commit([job])
            except OperationalError as error:
                # The disk is full or locked: waiting as long for each of the others helps nobody.
                _fail(group[number:], error)
                return
            except Exception as error:  # noqa: BLE001 this form's own fault: the others go on
                _fail([job], error)

    def _commit(self, group: list[_Job]) -> None:
        now = self._clock()
        with self._database.writing() as connection:
            results = _write_jobs(connection, group, now)
        self._say(None)
        for job, result in zip(group, results, strict=True):
            job.done.set_result(result)

    def _say(self, error: OperationalError | None) -> None:
        """Tell the log when storing begins to fail, and when it works again: not at each form, the disk may be full."""
        if error is not None and not self._fails:
            _log.error("forms cannot be stored: %s", error.orig)
        elif error is None and self._fails:
            _log.warning("forms are stored again")
        self._fails = error is not None


def _write_jobs(connection: Connection, group: list[_Job], now: datetime) -> list[Outcome | None]:
    items = [job.item for job in group]
    today = local_day(now)
    submissions = [item for item in items if isinstance(item, Submission)]
    outcomes = write_group(connection, submissions, today) if submissions else []
    pairs = zip(submissions, outcomes, strict=True)
    new = [submission for submission, outcome in pairs if outcome.kind == "new"]
    timing.keep(connection, new, int(now.timestamp()))
    inbox.keep(connection, [item for item in items if isinstance(item, Rejected)], today)
    following = iter(outcomes)
    return [next(following) if isinstance(item, Submission) else None for item in items]


def _fail(jobs: Sequence[_Job], error: Exception) -> None:
    for job in jobs:
        refusal = NotStored("the form could not be written")
        refusal.__cause__ = error
        job.done.set_exception(refusal)


def _outcome(job: _Job) -> Outcome:
    outcome = job.done.result()
    if outcome is None:
        raise TypeError(job)
    return outcome


def _outcome_or_error(job: _Job) -> Outcome | NotStored:
    try:
        return _outcome(job)
    except NotStored as error:
        return error
