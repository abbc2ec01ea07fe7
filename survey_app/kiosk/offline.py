"""What makes the tablet's page an application that starts without the server: worker, manifest, pages to keep.

The list of files is made from what the server would answer, with the hash of each, so that a tablet keeps either one
whole version or the one before.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Response, abort, jsonify, url_for
from flask.typing import ResponseReturnValue

from survey_app.kiosk import bundle, posted, views
from survey_app.kiosk.identity import present_kiosk
from survey_app.kiosk.page import Ticket
from survey_app.store.kiosks import Kiosk
from survey_app.web import shell
from survey_app.web.i18n import gettext, speaking
from survey_app.web.services import services

# With those of the page that prepares a tablet: it makes the same self-test.
BUNDLES = ("kiosk.js", "setup.js", "citizen.css")
# No id of a form: a page that was kept cannot be posted without the script.
_NOBODY = Ticket("00000000-0000-0000-0000-000000000000", "")
# Takes every trace of the worker away, then is gone itself.
KILL = """self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("survey-")) await caches.delete(name);
  }
  await self.registration.unregister();
})()));
"""


@views.blueprint.get("/shell/<language>")
def kept_page(language: str) -> str:
    """The start page as a tablet keeps it: the same for every visit, without an id."""
    kiosk = present_kiosk(services().database)
    if kiosk is None or language not in views.LANGUAGES:
        abort(404)
    return _kept_page(kiosk, language)


@views.blueprint.get("/sw.js")
def worker() -> ResponseReturnValue:
    """The worker with its list; one that removes itself where the tablet shall not work offline.

    Without a credential there is no answer: a tablet that was withdrawn keeps what it has, its forms with it.
    """
    kiosk = present_kiosk(services().database)
    if kiosk is None:
        abort(401)
    is_off = kiosk.public_key is None or not services().settings.kiosk_offline
    return _script(KILL if is_off else _worker(kiosk))


@views.blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What the tablet's home screen needs."""
    response = jsonify(
        id=url_for("kiosk.start"),
        name=gettext("Survey form"),
        short_name=gettext("Survey form"),
        lang="vi",
        start_url=url_for("kiosk.start"),
        scope=url_for("kiosk.start"),
        display="fullscreen",
        icons=[
            {
                "src": url_for("web.static", filename="mark.svg"),
                "type": "image/svg+xml",
                "sizes": "any",
            }
        ],
    )
    response.content_type = "application/manifest+json"
    return response


def _kept_page(kiosk: Kiosk, language: str) -> str:
    with speaking(language):
        return views.show(views.new_visit(kiosk, posted.live_version(), _NOBODY))


def _worker(kiosk: Kiosk) -> str:
    pages = {code: url_for("kiosk.kept_page", language=code) for code in views.LANGUAGES}
    listed = dict(_assets())
    for code, address in pages.items():
        listed[address] = _sha256(_kept_page(kiosk, code).encode())
    version = _sha256(json.dumps([listed, _source()], sort_keys=True).encode())[:16]
    named = {"PRECACHE": listed, "PAGES": pages, "VERSION": version}
    lines = [f"self.{name} = {json.dumps(value)};" for name, value in named.items()]
    return "\n".join([*lines, _source()])


@lru_cache(maxsize=1)
def _source() -> str:
    return (bundle.STATIC / "worker.js").read_text(encoding="utf-8")


def _assets() -> dict[str, str]:
    """SHA-256 of every file the page asks for, by address."""
    places = {
        "kiosk.static": (bundle.STATIC, ("guide.css", "mend.js")),
        "web.static": (Path(shell.__file__).parent / "static", ("mark.svg",)),
        "web.vendor": (shell.VENDOR, ("be-vietnam-pro/*.css", "be-vietnam-pro/*.woff2")),
    }
    bundles = {
        url_for("kiosk.bundle", name=name): _sha256(bundle.content(name).encode())
        for name in BUNDLES
    }
    return bundles | {
        url_for(endpoint, filename=path.relative_to(folder).as_posix()): _file_hash(path)
        for endpoint, (folder, patterns) in places.items()
        for pattern in patterns
        for path in sorted(folder.glob(pattern))
    }


@lru_cache(maxsize=256)
def _file_hash(path: Path) -> str:
    return _sha256(path.read_bytes())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _script(text: str) -> Response:
    response = Response(text, content_type="text/javascript; charset=utf-8")
    response.cache_control.no_cache = True
    return response
