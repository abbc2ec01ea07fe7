"""The program runs from a wheel, from an editable installation and from a bare checkout.

Each gets an environment of its own. The packages it depends on come from the environment of the
tests, through a path file: what is asked here is whether *our* files arrive.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey_app import __version__
from tests.house.repository import ROOT, files

FOLDERS = {
    "survey_app": "survey_app",
    "migrations": "survey_app/migrations",
    "translations": "survey_app/translations",
}
NOT_SHIPPED = frozenset({"survey_app/domain/README.md"})
START = """
import os
from survey_app import create_app
from survey_app.config import Settings
app = create_app(Settings.from_environment(os.environ))
print(app.test_client().get("/healthz").status_code)
parts = app.extensions["survey_app"]
parts.intake.close()
parts.database.dispose()
"""


@dataclass(frozen=True)
class Place:
    """An environment, the folder to work in, and the command that is survey-app there."""

    python: Path
    folder: Path
    command: tuple[str, ...]

    def run(self, *arguments: str | Path, data: Path | None = None) -> str:
        """Run and return what it printed; anything but exit code 0 fails."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8"}
        if data is not None:
            environment["SURVEY_APP_DATA_DIR"] = str(data)
        return run(*arguments, cwd=self.folder, environment=environment)

    def survey_app(self, *arguments: str, data: Path | None = None) -> str:
        """Run one of our commands."""
        return self.run(*self.command, *arguments, data=data)


def run(*command: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def environment_in(folder: Path) -> Path:
    """Make an environment that sees the tests' packages; returns its Python."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    site_packages = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    )
    # Python reads no path files of a folder named in a path file: our own editable
    # installation, which is one, stays out of sight.
    ours = sysconfig.get_path("purelib")
    Path(site_packages.strip(), "dependencies.pth").write_text(f"{ours}\n", encoding="utf-8")
    return python


def pip(python: Path, *arguments: str | Path, cwd: Path) -> None:
    offline = ("--no-deps", "--no-index", "--no-build-isolation", "--quiet")
    command = (sys.executable, "-m", "pip", "--python", python, "install", *offline, *arguments)
    run(*command, cwd=cwd, environment={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's files, without what was made from them."""
    target = tmp_path_factory.mktemp("checkout") / "survey"
    for path in files():
        copy = target / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return target


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the copy."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ".")
    run(sys.executable, *command, cwd=checkout)
    shutil.rmtree(checkout / "build", ignore_errors=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(params=["wheel", "wheel beside the sources", "editable", "bare checkout"])
def place(request: pytest.FixtureRequest, wheel: Path, checkout: Path, tmp_path: Path) -> Place:
    """Each way to have the program."""
    python = environment_in(tmp_path / "environment")
    if request.param == "bare checkout":
        return Place(python, checkout, (str(python), "-m", "survey_app"))
    if request.param == "editable":
        pip(python, "-e", ".", cwd=checkout)
    else:
        pip(python, wheel, cwd=tmp_path)
    folder = tmp_path if request.param == "wheel" else checkout
    return Place(python, folder, (str(python.with_name("survey-app")),))


@pytest.mark.packaging
def test_the_program_starts(place: Place, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert place.survey_app("--version").strip() == f"survey-app {__version__}"
    place.survey_app("setup", data=data)
    assert place.run(place.python, "-c", START, data=data).strip().endswith("200")


@pytest.mark.packaging
def test_the_wheel_brings_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    expected = {
        f"{target}/{path.relative_to(ROOT / source)}"
        for source, target in FOLDERS.items()
        for path in files()
        if path.is_relative_to(ROOT / source)
    }
    assert expected - shipped - NOT_SHIPPED == set()
    assert {name for name in shipped - expected if ".dist-info/" not in name} == set()


def test_the_packages_are_listed() -> None:
    """setup.cfg names each package; a folder forgotten there would be missing from the wheel."""
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(parser["options"]["packages"].split())
    folders = {
        str(path.parent.relative_to(ROOT))
        for path in files()
        if path.name == "__init__.py" and path.is_relative_to(ROOT / "survey_app")
    }
    there = {folder.replace("/", ".") for folder in folders}
    mapped = {"survey_app.migrations", "survey_app.migrations.versions", "survey_app.translations"}
    assert listed == there | mapped
