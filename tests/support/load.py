"""Tablets under load: several at once send what waits, and take off their queue only what they hold a receipt for."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.process import Line, ServerProcess

BATCH = "/api/v1/responses/batch"
_BATCH_SIZE = 5
_PATIENCE_SECONDS = 120


class Load:
    """Queues of forms that threads send until the server is gone or nothing waits. `receipts`: content hash by id."""

    def __init__(self, queues: list[list[dict[str, Any]]]) -> None:
        self.queues = queues
        self.receipts: dict[str, str] = {}
        self.refusals = 0
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """Forms without a receipt."""
        return sum(map(len, self.queues))

    def holds(self, number: int) -> bool:
        """Whether there are so many receipts."""
        return len(self.receipts) >= number

    @contextmanager
    def sending(self, server: ServerProcess, credential: str) -> Iterator[None]:
        """Send from all queues at once while the block runs, and until each has ended by itself."""
        threads = [
            threading.Thread(target=self._send_queue, args=(queue, Line(server, credential)))
            for queue in self.queues
        ]
        for thread in threads:
            thread.start()
        yield
        for thread in threads:
            thread.join()

    def wait_until(self, is_reached: Callable[[], bool]) -> None:
        """Return as soon as it is so; looked at after each answer."""
        with self._changed:
            assert self._changed.wait_for(is_reached, _PATIENCE_SECONDS)

    def _send_queue(self, queue: list[dict[str, Any]], line: Line) -> None:
        try:
            while queue and self._send_batch(queue, line):
                pass
        except (OSError, http.client.HTTPException, ValueError):
            pass  # the server is gone: what waits, waits
        finally:
            line.hang_up()

    def _send_batch(self, queue: list[dict[str, Any]], line: Line) -> bool:
        forms = queue[:_BATCH_SIZE]
        status, value = line.post(BATCH, json.dumps({"responses": forms}).encode())
        answers: Any = value["results"] if status == 200 else [{"status": status}] * len(forms)
        with self._changed:
            for form, answer in zip(forms, answers, strict=True):
                self._settle(queue, form, answer)
            self._changed.notify_all()
        return status == 200

    def _settle(
        self, queue: list[dict[str, Any]], form: dict[str, Any], answer: dict[str, Any]
    ) -> None:
        if answer["status"] in {200, 201}:
            assert answer["receipt"]["id"] == form["id"]
            self.receipts[form["id"]] = answer["receipt"]["content_hash"]
            queue.remove(form)
        else:
            assert answer["status"] == 503, answer
            assert "receipt" not in answer
            self.refusals += 1
