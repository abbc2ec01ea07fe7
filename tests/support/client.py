"""The test client, and `page`, which checks every HTML page it opens."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.html import Document, check
from tests.support.queries import counted_queries

# More on one page means a query in a loop: it would grow with the data.
MOST_QUERIES = 40


class HouseClient(FlaskClient):
    """Speaks to the public address of the settings, so that origins and cookies are the real ones."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request; see werkzeug's client."""
        settings = self.application.extensions["survey_app"].settings
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", settings.public_url)
        # Read to the end and closed: a file left open is a warning, hence an error.
        kwargs.setdefault("buffered", True)
        return super().open(*args, **kwargs)


@dataclass(frozen=True)
class OpenedPage:
    """A page that has passed the house's rules."""

    response: TestResponse
    document: Document

    @property
    def text(self) -> str:
        """The page's source."""
        return self.response.get_data(as_text=True)

    @property
    def heading(self) -> str:
        """What the h1 says."""
        return " ".join("".join(self.document.all("h1")[0].itertext()).split())

    @property
    def csrf_token(self) -> str:
        """The token of the page's first form that has one."""
        fields = [f for f in self.document.all("input") if f.get("name") == "csrf_token"]
        return fields[0].get("value") or ""


@dataclass(frozen=True)
class PageOpener:
    """Opens pages with the client and checks each against `tests.support.html.RULES`."""

    client: FlaskClient
    untranslated: frozenset[str]

    def get(self, path: str, *, status: int = 200, **options: Any) -> OpenedPage:
        """GET `path`, expect `status`, check the page and that its queries are few."""
        with counted_queries() as statements:
            response = self.client.get(path, **options)
        assert len(statements) <= MOST_QUERIES, f"{path}: {len(statements)} queries"
        return self._checked(response, path, status)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, status: int = 200, **options: Any
    ) -> OpenedPage:
        """POST a form, follow where it leads, expect `status`, check the page."""
        options.setdefault("follow_redirects", True)
        return self._checked(self.client.post(path, data=data, **options), path, status)

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, status: int = 200, **options: Any
    ) -> OpenedPage:
        """Open the form at `path`, then POST it with its own CSRF token, as a person does."""
        token = self.get(path).csrf_token
        return self.post(path, {"csrf_token": token, **(data or {})}, status=status, **options)

    def _checked(self, response: TestResponse, path: str, status: int) -> OpenedPage:
        body = response.get_data(as_text=True)
        assert response.status_code == status, f"{path}: {response.status}\n{body[:2000]}"
        assert response.mimetype == "text/html", f"{path}: {response.mimetype}"
        document = Document(body, response.request.path, self.untranslated)
        check(document)
        return OpenedPage(response, document)
