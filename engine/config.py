"""Settings from `CLOSELOOP_*` environment variables, checked once at the start."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with the defaults of the embedded installation (SQLite below `data_dir`).

    `models_dir` holds `processes/` and `forms/`, which `closeloop init` deploys. `secret_key` signs sessions; where it
    is empty, `engine.app` keeps a random one in `data_dir`. `trusted_proxies` is how many reverse proxies stand before
    the web processes; their word for a visitor's address is believed.
    """

    database_url: str = ""
    data_dir: Path = PROJECT / "var"
    models_dir: Path = PROJECT
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    time_zone: str = "Asia/Shanghai"
    plant_name: str = "Closeloop"
    default_locale: str = "en"
    log_level: str = "INFO"
    max_upload_mb: int = 50
    trusted_proxies: int = 0
    scheduler_batch: int = 50
    live_instances: int = 512

    @property
    def store_url(self) -> str:
        """The database's URL: the setting, else a SQLite file below `data_dir`."""
        return self.database_url or f"sqlite:///{self.data_dir / 'closeloop.db'}"


class SettingError(ValueError):
    """A wrong setting; the text names it and says what it may be."""


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise `SettingError` for an unknown or wrong one, so that a typing error stops the start."""
    environ = os.environ if environ is None else environ
    known = {f"CLOSELOOP_{field.name.upper()}": field.name for field in fields(Settings)}
    outside = {"CLOSELOOP_CORPORA", "CLOSELOOP_REQUIRE_CORPORA", "CLOSELOOP_CHROMIUM"}  # read by the tests
    values: dict[str, object] = {}
    for name, text in environ.items():
        if not name.startswith("CLOSELOOP_") or name in outside:
            continue
        if name not in known:
            raise SettingError(f"{name} is not a setting. Settings are: {', '.join(sorted(known))}.")
        values[known[name]] = _convert(name, known[name], text)
    return replace(Settings(), **values)  # type: ignore[arg-type]


def _convert(name: str, field: str, text: str) -> object:
    if field in ("data_dir", "models_dir"):
        if not text:
            raise SettingError(f"{name} is empty; it must be a folder.")
        folder = Path(text).expanduser().resolve()
        if field == "models_dir" and not folder.is_dir():
            raise SettingError(f"{name} is “{text}”; it must be a folder that is there.")
        return folder
    if field in _LEAST:
        if not (text.isascii() and text.isdigit()) or int(text) < _LEAST[field]:
            raise SettingError(f"{name} is “{text}”; it must be a whole number of at least {_LEAST[field]}.")
        return int(text)
    is_right, what = _RULES.get(field, (lambda _: True, ""))
    if not is_right(text):
        shown = "" if field in _SECRET else f" is “{text}”; it"
        raise SettingError(f"{name}{shown} must {what}.")
    return text


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_address(text: str) -> bool:
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.hostname)


_LEAST = {"max_upload_mb": 1, "scheduler_batch": 1, "live_instances": 1, "trusted_proxies": 0}
_SECRET = frozenset({"database_url", "secret_key"})  # their values never show in a message
_RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "base_url": (_is_address, "be an address that starts with http:// or https://"),
    "database_url": (
        lambda text: not text or text.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")),
        "start with sqlite: or postgresql:",
    ),
    "secret_key": (
        lambda text: not text or len(text) >= 32,
        "have at least 32 characters, or be unset to have one made and kept",
    ),
    "default_locale": (lambda text: text in ("en", "zh_Hans"), "be en or zh_Hans"),
    "time_zone": (_is_zone, "be a time zone such as Asia/Shanghai"),
    "log_level": (
        lambda text: text.upper() in ("DEBUG", "INFO", "WARNING", "ERROR"),
        "be DEBUG, INFO, WARNING or ERROR",
    ),
}
