"""Fetch the browser assets the program ships: `make vendor`.

Each comes from one exact npm package; `manifest.json` beside it records where from and the SHA-512
of every file, and `tests/house/test_vendor.py` recomputes them, so that a silent change is seen.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "survey_app" / "web" / "vendor"


@dataclass(frozen=True)
class Asset:
    """A folder below `survey_app/web/vendor`, and the npm package and files it is made of."""

    folder: str
    package: str
    version: str
    licence: str
    files: dict[str, str]  # path in the package -> name here
    stylesheet: str = ""


# The ranges are the package's own; a browser then loads the Vietnamese file for Vietnamese only.
FONT_FACES = """\
/* Be Vietnam Pro 400; SIL Open Font License 1.1, see LICENSE. Written by tools/vendor.py. */
@font-face {
  font-family: "Be Vietnam Pro";
  font-style: normal;
  font-weight: 400;
  font-display: swap;
  src: url("be-vietnam-pro-vietnamese-400-normal.woff2") format("woff2");
  unicode-range:
    U+0102-0103, U+0110-0111, U+0128-0129, U+0168-0169, U+01A0-01A1, U+01AF-01B0, U+0300-0301,
    U+0303-0304, U+0308-0309, U+0323, U+0329, U+1EA0-1EF9, U+20AB;
}
@font-face {
  font-family: "Be Vietnam Pro";
  font-style: normal;
  font-weight: 400;
  font-display: swap;
  src: url("be-vietnam-pro-latin-400-normal.woff2") format("woff2");
  unicode-range:
    U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329,
    U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD;
}
"""

ASSETS = (
    Asset(
        folder="be-vietnam-pro",
        package="@fontsource/be-vietnam-pro",
        version="5.3.0",
        licence="OFL-1.1",
        files={
            "LICENSE": "LICENSE",
            "files/be-vietnam-pro-latin-400-normal.woff2": "be-vietnam-pro-latin-400-normal.woff2",
            "files/be-vietnam-pro-vietnamese-400-normal.woff2": (
                "be-vietnam-pro-vietnamese-400-normal.woff2"
            ),
        },
        stylesheet=FONT_FACES,
    ),
)


def sha512(content: bytes) -> str:
    """Return the hexadecimal SHA-512 of these bytes."""
    return hashlib.sha512(content).hexdigest()


def download(asset: Asset, folder: Path) -> Path:
    """Let npm fetch the asset's package into `folder`; returns the archive."""
    command = [sys.executable, "-m", "tools.npm", "pack", f"{asset.package}@{asset.version}"]
    subprocess.run([*command, "--pack-destination", str(folder)], check=True)
    return next(folder.glob("*.tgz"))


def contents(asset: Asset, archive: Path) -> dict[str, bytes]:
    """Return what the asset's folder holds, by file name."""
    found: dict[str, bytes] = {}
    with tarfile.open(archive) as package:
        for path, name in asset.files.items():
            member = package.extractfile(f"package/{path}")
            if member is None:
                raise SystemExit(f"{asset.package} {asset.version} has no {path}")
            found[name] = member.read()
    if asset.stylesheet:
        found["font.css"] = asset.stylesheet.encode()
    return found


def vendor(asset: Asset) -> None:
    """Write the asset's folder anew, with its manifest."""
    with tempfile.TemporaryDirectory() as temporary:
        files = contents(asset, download(asset, Path(temporary)))
    folder = VENDOR / asset.folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    manifest = {
        "package": asset.package,
        "version": asset.version,
        "licence": asset.licence,
        "files": {name: {"sha512": sha512(content)} for name, content in sorted(files.items())},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each in ASSETS:
        vendor(each)
