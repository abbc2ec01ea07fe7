"""Settings: read once from the environment, checked whole, frozen.

Every setting is `SURVEY_APP_…`; `DATA_DIR/settings.env` (written by `survey-app setup`) gives
defaults beneath the environment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "SURVEY_APP_"
SETTINGS_FILE = "settings.env"
LEAST_SECRET = 32
_DEFAULT_SECRETS = frozenset({"dev", "secret", "changeme", "change-me", "default"})
_NAMES = frozenset(
    {
        "ADMIN_PASSWORD",
        "DATABASE_URL",
        "DATA_DIR",
        "DEMO",
        "HOST",
        "HTTP_PORT",
        "KIOSK_OFFLINE",
        "PORT",
        "PUBLIC_URL",
        "SECRET_KEY",
        "TLS_CERTIFICATE",
        "TLS_KEY",
    }
)


class SettingsError(ValueError):
    """The settings do not make a runnable server; `messages` says what to set, all at once."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Settings:
    """What one installation is told from outside.

    `secret_key` signs nothing but office sessions' forms; receipts have their own key in
    `data_dir`. `tls_certificate` and `tls_key`: the server speaks TLS itself; without them it speaks
    plain http, perhaps to a proxy. `http_port`: where it tells tablets how to trust it.
    """

    data_dir: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = "http://127.0.0.1:8080"
    demo: bool = False
    kiosk_offline: bool = True
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    http_port: int | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check; raises SettingsError with every message."""
        data_dir = data_dir_from(environ)
        raw = {**_settings_file(data_dir), **_own(environ)}
        messages = [
            *_unknown(raw),
            *_secret_problems(raw),
            *_port_problems(raw, "PORT", "8080"),
            *_port_problems(raw, "HTTP_PORT", "8081"),
            *_url_problems(raw),
            *_tls_problems(raw),
        ]
        if messages:
            raise SettingsError(messages)
        port = raw.get("PORT", "8080")
        return cls(
            data_dir=data_dir,
            database_url=raw.get("DATABASE_URL", f"sqlite:///{data_dir / 'survey.sqlite3'}"),
            secret_key=raw["SECRET_KEY"],
            host=raw.get("HOST", "127.0.0.1"),
            port=int(port),
            public_url=raw.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            demo=raw.get("DEMO", "0") == "1",
            kiosk_offline=raw.get("KIOSK_OFFLINE", "1") == "1",
            tls_certificate=Path(raw["TLS_CERTIFICATE"]) if "TLS_CERTIFICATE" in raw else None,
            tls_key=Path(raw["TLS_KEY"]) if "TLS_KEY" in raw else None,
            http_port=int(raw["HTTP_PORT"]) if "HTTP_PORT" in raw else None,
        )

    @property
    def public_host(self) -> str:
        """Host (with port where it is not the scheme's own) of the public address."""
        return urlsplit(self.public_url).netloc

    @property
    def is_https(self) -> bool:
        """Whether citizens reach the server over TLS."""
        return self.public_url.startswith("https://")


def data_dir_from(environ: Mapping[str, str]) -> Path:
    """The data folder: SURVEY_APP_DATA_DIR, else ./data."""
    return Path(environ.get(PREFIX + "DATA_DIR", "data")).absolute()


def write_settings_file(data_dir: Path, values: Mapping[str, str]) -> None:
    """Create DATA_DIR/settings.env for its owner alone; an existing one stays as it is."""
    path = data_dir / SETTINGS_FILE
    if path.exists():
        return
    path.touch(mode=0o600)
    lines = [f"{PREFIX}{name}={value}\n" for name, value in sorted(values.items())]
    path.write_text("".join(lines), encoding="utf-8")


def change_settings_file(data_dir: Path, values: Mapping[str, str]) -> None:
    """Set some settings in DATA_DIR/settings.env, keep every other line; a new file is its owner's alone."""
    path = data_dir / SETTINGS_FILE
    path.touch(mode=0o600)
    starts = tuple(f"{PREFIX}{name}=" for name in values)
    kept = path.read_text(encoding="utf-8").splitlines()
    lines = [line for line in kept if not line.startswith(starts)]
    lines += [f"{PREFIX}{name}={value}" for name, value in sorted(values.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _settings_file(data_dir: Path) -> dict[str, str]:
    path = data_dir / SETTINGS_FILE
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return _own({name.strip(): value.strip() for name, value in pairs})


def _own(environ: Mapping[str, str]) -> dict[str, str]:
    return {k.removeprefix(PREFIX): v for k, v in environ.items() if k.startswith(PREFIX) and v}


def _unknown(raw: Mapping[str, str]) -> list[str]:
    return [
        f"{PREFIX}{name} is not a setting. Known: {', '.join(sorted(_NAMES))}."
        for name in sorted(raw)
        if name not in _NAMES
    ]


def _secret_problems(raw: Mapping[str, str]) -> list[str]:
    secret = raw.get("SECRET_KEY", "")
    if len(secret) >= LEAST_SECRET and secret.lower() not in _DEFAULT_SECRETS:
        return []
    reason = (
        "is missing" if not secret else f"is a default or shorter than {LEAST_SECRET} characters"
    )
    return [
        f"{PREFIX}SECRET_KEY {reason}. Set it to a long random value, or run `survey-app setup`, "
        f"which makes one in DATA_DIR/{SETTINGS_FILE}."
    ]


def _port_problems(raw: Mapping[str, str], name: str, example: str) -> list[str]:
    port = raw.get(name, example)
    if port.isdigit() and 0 < int(port) < 65536:
        return []
    words = (
        f"{PREFIX}{name} is {port!r}. Set it to a number from 1 to 65535, for example {example}."
    )
    return [words]


def _tls_problems(raw: Mapping[str, str]) -> list[str]:
    names = ("TLS_CERTIFICATE", "TLS_KEY")
    given = [name for name in names if name in raw]
    if len(given) == 1:
        return [f"{PREFIX}{names[0]} and {PREFIX}{names[1]} belong together. Set both, or neither."]
    if given and not raw.get("PUBLIC_URL", "").startswith("https://"):
        return [f"{PREFIX}PUBLIC_URL must begin with https:// where {PREFIX}TLS_KEY is set."]
    return []


def _url_problems(raw: Mapping[str, str]) -> list[str]:
    url = raw.get("PUBLIC_URL")
    if url is None:
        return []
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"} and parts.netloc and parts.path in {"", "/"}:
        return []
    return [
        f"{PREFIX}PUBLIC_URL is {url!r}. Set it to the address tablets open, without a path, "
        "for example https://khaosat.example.vn."
    ]
