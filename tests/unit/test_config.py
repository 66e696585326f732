"""Settings: read once, refused with their name and what they may be."""

from pathlib import Path

import pytest

from engine.config import SettingError, from_environment


def test_no_setting_gives_an_embedded_plant() -> None:
    settings = from_environment({})
    assert settings.store_url.startswith("sqlite:///")
    assert settings.base_url == "http://127.0.0.1:8000"


def test_settings_are_converted() -> None:
    settings = from_environment({"CLOSELOOP_DATA_DIR": "/srv/plant", "CLOSELOOP_MAX_UPLOAD_MB": "7", "HOME": "/x"})
    assert settings.data_dir == Path("/srv/plant")
    assert settings.max_upload_mb == 7
    assert settings.store_url == "sqlite:////srv/plant/closeloop.db"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CLOSELOOP_DATABSE_URL", "sqlite:///x", "CLOSELOOP_DATABASE_URL"),
        ("CLOSELOOP_DATABASE_URL", "mysql://x", "sqlite: or postgresql:"),
        ("CLOSELOOP_SECRET_KEY", "short", "at least 32 characters"),
        ("CLOSELOOP_TIME_ZONE", "Shanghai", "Asia/Shanghai"),
        ("CLOSELOOP_TIME_ZONE", "../../etc/passwd", "time zone"),
        ("CLOSELOOP_DEFAULT_LOCALE", "de", "en or zh_Hans"),
        ("CLOSELOOP_BASE_URL", "plant.example", "http://"),
        ("CLOSELOOP_BASE_URL", "http://", "http://"),
        ("CLOSELOOP_BASE_URL", "http://[::1", "http://"),
        ("CLOSELOOP_MAX_UPLOAD_MB", "0", "at least 1"),
        ("CLOSELOOP_MAX_UPLOAD_MB", "²", "at least 1"),
        ("CLOSELOOP_TRUSTED_PROXIES", "-1", "at least 0"),
        ("CLOSELOOP_TRUSTED_PROXIES", "all", "at least 0"),
        ("CLOSELOOP_MODELS_DIR", "/no/such/folder", "folder that is there"),
        ("CLOSELOOP_LOG_LEVEL", "LOUD", "DEBUG"),
        ("CLOSELOOP_DATA_DIR", "", "folder"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name_and_what_it_may_be(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingError, match=name) as refusal:
        from_environment({name: value})
    assert told in str(refusal.value)


def test_secrets_do_not_show_in_a_refusal() -> None:
    with pytest.raises(SettingError) as refusal:
        from_environment({"CLOSELOOP_DATABASE_URL": "mysql://plant:hunter2@db"})
    assert "hunter2" not in str(refusal.value)
