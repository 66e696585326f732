import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from engine.app import Engine
from engine.commands.start_instance import StartInstance
from engine.config import Settings
from engine.model.actor import SYSTEM
from engine.queries import definitions, instances, people, records
from engine.store.people import User
from tests.integration.cli import run, serving, succeed


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder after `closeloop init`; tests change a copy."""
    folder = tmp_path_factory.mktemp("initialised")
    succeed(folder, "init")
    return folder


@pytest.fixture
def data(initialised: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "closeloop.db").write_bytes((initialised / "closeloop.db").read_bytes())
    return folder


@pytest.fixture
def engine(data: Path) -> Iterator[Engine]:
    opened = Engine(Settings(data_dir=data))
    yield opened
    opened.stop()


def test_init_deploys_what_ships_and_doing_it_again_changes_nothing(data: Path, engine: Engine) -> None:
    before = engine.query(definitions.list_definitions)
    assert {"delivery", "after_sales"} <= {row.key for row in before}
    assert {row.version for row in before} == {1}
    assert len(engine.query(people.list_groups)) == 10
    assert all(count for kind, count in engine.query(records.list_record_types) if kind.type == "checklist_item")
    succeed(data, "init")
    assert engine.query(definitions.list_definitions) == before


def test_a_database_without_the_schema_is_refused_with_the_mend(tmp_path: Path) -> None:
    done = run(tmp_path, "token", "create", "anyone")
    assert done.returncode == 1
    assert "closeloop init" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLOSELOOP_DATABASE_URL", "mysql://x"),
        ("CLOSELOOP_LOG_LEVEL", "LOUD"),
        ("CLOSELOOP_TIME_ZONE", "Mars/Olympus"),
        ("CLOSELOOP_NO_SUCH_SETTING", "1"),
        ("CLOSELOOP_DATABASE_URL", "postgresql://plant@127.0.0.1:1/none"),
        ("CLOSELOOP_DATA_DIR", "/proc/none"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    done = run(tmp_path, "init", **{name: value})
    assert done.returncode == 1
    assert name in done.stderr


def find(engine: Engine, name: str) -> User:
    return engine.query(people.get_user, name=name)


def test_a_user_gets_roles_groups_and_a_password(data: Path, engine: Engine) -> None:
    options = (
        "--role",
        "manager",
        "--group",
        "quality",
        "--group",
        "desk",
        "--display-name",
        "Mei",
        "--password-stdin",
    )
    assert succeed(data, "user", "create", "mei", *options, given="a long password\n") == ""
    user = find(engine, "mei")
    assert (user.roles, set(user.groups), user.display_name) == (("manager",), {"quality", "desk"}, "Mei")
    assert user.password_hash is not None
    assert user.password_hash.startswith("$argon2")


def test_a_user_without_a_password_has_none_and_nobody_is_asked(data: Path, engine: Engine) -> None:
    succeed(data, "user", "create", "robot")
    assert find(engine, "robot").password_hash is None
    assert find(engine, "robot").roles == ("staff",)


def test_a_new_group_is_made_and_said(data: Path, engine: Engine) -> None:
    done = run(data, "user", "create", "ann", "--group", "inspectors")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Group inspectors is created." in done.stderr
    user = engine.query(people.find_user, name="ann")
    assert user is not None
    assert user.groups == ("inspectors",)
    again = run(data, "user", "create", "ann", "--group", "inspectors", "--role", "manager")
    assert "Group" not in again.stderr
    assert "User ann is changed." in again.stderr


def test_a_token_is_printed_alone(data: Path) -> None:
    succeed(data, "user", "create", "robot")
    printed = succeed(data, "token", "create", "robot")
    assert len(printed.split()) == 1
    assert printed.strip().encode() not in (data / "closeloop.db").read_bytes()
    assert run(data, "token", "create", "nobody").returncode == 1


def test_a_backup_brings_everything_back(data: Path, engine: Engine, tmp_path: Path) -> None:
    kept = engine.files.put(io.BytesIO(b"a photograph"), 100)
    case = engine.execute(StartInstance("after_sales", SYSTEM))
    file = tmp_path / "backup" / "all.tar.zst"
    succeed(data, "backup", str(file))

    elsewhere = tmp_path / "elsewhere"
    succeed(elsewhere, "restore", str(file))
    restored = Engine(Settings(data_dir=elsewhere))
    view = restored.query(instances.get_instance, instance_id=case.id, actor=SYSTEM)
    assert view == engine.query(instances.get_instance, instance_id=case.id, actor=SYSTEM)
    with restored.files.open(kept.sha256) as stream:
        assert stream.read() == b"a photograph"
    restored.stop()


def test_a_restore_keeps_the_database_before(data: Path, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "all.tar.zst"
    succeed(data, "backup", str(file))
    engine.execute(StartInstance("after_sales", SYSTEM))
    succeed(data, "restore", str(file))
    assert engine.query(instances.list_instances, actor=SYSTEM).items == ()
    (aside,) = data.glob("closeloop-before-restore-*.db")
    before = Engine(Settings(data_dir=data, database_url=f"sqlite:///{aside}"))
    assert len(before.query(instances.list_instances, actor=SYSTEM).items) == 1
    before.stop()


def damaged(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield files that are no whole backup: cut off, changed, with more in them, or something else."""
    whole = file.read_bytes()
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(whole)
    yield "cut", whole[: len(whole) // 2]
    at = plain.index(b"SQLite format 3") + 5000
    yield "changed", zstandard.compress(plain[:at] + bytes([plain[at] ^ 1]) + plain[at + 1 :])
    more = io.BytesIO()
    with tarfile.open(fileobj=more, mode="w") as tar:
        info = tarfile.TarInfo("../../outside")
        tar.addfile(info, io.BytesIO(b""))
    yield "outside", zstandard.compress(more.getvalue())
    yield "other", b"no archive"


def test_a_damaged_backup_is_refused_and_changes_nothing(data: Path, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "all.tar.zst"
    succeed(data, "backup", str(file))
    engine.execute(StartInstance("after_sales", SYSTEM))
    for name, content in damaged(file):
        bad = tmp_path / f"{name}.tar.zst"
        bad.write_bytes(content)
        done = run(data, "restore", str(bad))
        assert done.returncode == 1, name
        assert bad.name in done.stderr
    assert len(engine.query(instances.list_instances, actor=SYSTEM).items) == 1
    assert not list(data.glob("closeloop-before-restore-*"))
    assert not list(tmp_path.rglob("outside"))


def test_a_restore_below_a_running_server_is_refused(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.tar.zst"
    with serving(data):
        succeed(data, "backup", str(file))
        done = run(data, "restore", str(file))
    assert done.returncode == 1
    assert "running" in done.stderr
