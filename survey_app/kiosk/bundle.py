"""The page's modules and styles, each as one file: a tablet on a slow network asks for two instead of thirty.

The sources stay plain modules, one subject a file, and can be read and loaded one by one under `static/`. A bundle renames and
shortens nothing: each module stands whole in a function of its own, after those that it imports, so what a reviewer reads
is what runs.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from survey_app.kiosk import views
from survey_app.web import shell

STATIC = Path(__file__).parent / "static"
TOKENS = Path(shell.__file__).parent / "static" / "tokens.css"
SCRIPTS = ("kiosk.js", "pair.js", "renew.js", "setup.js")
SUBJECTS = ("kiosk", "choices", "display", "screens")
STYLES = {"citizen.css": (TOKENS, *(STATIC / f"{name}.css" for name in SUBJECTS))}

_IMPORT = re.compile(r'^import \{([^}]+)\} from "\./(\w+\.js)";$', flags=re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", flags=re.MULTILINE)
# What the two above do not understand, and a bundle would spoil.
_FOREIGN = re.compile(r"^(?:import|export)\b|\bimport\(|\bimport\.meta\b", flags=re.MULTILINE)


@views.blueprint.get("/bundle/<name>")
def bundle(name: str) -> ResponseReturnValue:
    """One of SCRIPTS or STYLES as one file."""
    if name not in SCRIPTS and name not in STYLES:
        abort(404)
    is_script = name in SCRIPTS
    kind = "text/javascript" if is_script else "text/css"
    text = content(name)
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.cache_control.no_cache = True
    response.set_etag(hashlib.sha256(text.encode()).hexdigest())
    return response.make_conditional(request)


@cache
def content(name: str) -> str:
    """The text of a bundle; raises ValueError for a module that cannot be joined."""
    if name in STYLES:
        return "\n".join(path.read_text(encoding="utf-8") for path in STYLES[name])
    return join(STATIC / name)


def join(entry: Path) -> str:
    """The module at `entry` and all that it imports, imported ones first; raises ValueError for a circle."""
    joined: dict[str, str] = {}
    _add(entry, joined, ())
    return "\n".join(joined.values())


def _add(path: Path, joined: dict[str, str], above: tuple[str, ...]) -> None:
    if path.name in above:
        raise ValueError(f"{' → '.join([*above, path.name])} is a circle")
    source = path.read_text(encoding="utf-8")
    for imported in _IMPORT.finditer(source):
        if imported[2] not in joined:
            _add(path.with_name(imported[2]), joined, (*above, path.name))
    joined[path.name] = _wrapped(path.name, source)


def _wrapped(name: str, source: str) -> str:
    exports = ", ".join(found[1] for found in _EXPORT.finditer(source))
    body = _EXPORT.sub("", _IMPORT.sub(_taken, source))
    if foreign := _FOREIGN.search(body):
        raise ValueError(f"{name}: {foreign[0]!r} in a form that cannot be joined")
    return (
        f"// ---- {name}\nconst {_scope(name)} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"
    )


def _taken(found: re.Match[str]) -> str:
    names = found[1].strip().rstrip(",").replace(" as ", ": ")
    return f"const {{ {names} }} = {_scope(found[2])};"


def _scope(name: str) -> str:
    return "$" + name.removesuffix(".js")
