"""Settings from `CLOSELOOP_*` environment variables, checked once at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

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
        return Path(text).expanduser().resolve()
    if field in ("max_upload_mb", "scheduler_batch", "live_instances"):
        if not text.isdigit() or int(text) < 1:
            raise SettingError(f"{name} is “{text}”; it must be a whole number of at least 1.")
        return int(text)
    if field == "trusted_proxies":
        if not text.isdigit() or int(text) > 9:
            raise SettingError(f"{name} is “{text}”; it must be a whole number from 0 to 9.")
        return int(text)
    if field == "base_url" and urlsplit(text).scheme not in ("http", "https"):
        raise SettingError(f"{name} is “{text}”; it must start with http:// or https://.")
    if field == "database_url" and text and not text.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        raise SettingError(f"{name} must start with sqlite: or postgresql:.")
    if field == "secret_key" and text and len(text) < 32:
        raise SettingError(f"{name} must have at least 32 characters, or be unset to have one made and kept.")
    if field == "default_locale" and text not in ("en", "zh_Hans"):
        raise SettingError(f"{name} is “{text}”; it must be en or zh_Hans.")
    if field == "time_zone":
        _require_zone(name, text)
    if field == "log_level" and text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingError(f"{name} is “{text}”; it must be DEBUG, INFO, WARNING or ERROR.")
    return text


def _require_zone(name: str, text: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingError(f"{name} is “{text}”; it must be a time zone such as Asia/Shanghai.") from None
