"""Backups: the SQLite database, copied while it is in use, and every attachment, in one .tar.zst file with a manifest.

The manifest comes last, when the digests of all members are known; a file without it was cut off.
"""

from __future__ import annotations

import hashlib
import io
import re
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import orjson
import zstandard

from engine.model.errors import EngineError
from engine.store.database import Database

FORMAT = 1
_DATABASE = "closeloop.db"
_MANIFEST = "manifest.json"
_ATTACHMENT = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_CHUNK = 1 << 20

Step = Callable[[int, int], None]
"""Told how many of how many attachments are done."""


class BackupRefused(EngineError):
    """A backup that cannot be made, or a file that cannot be restored; nothing was changed."""

    code = "backup_refused"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file holds; `size` in bytes before compression."""

    created_at: str
    attachments: int
    size: int


def write_backup(database: Database, files: Path, target: Path, now: datetime, step: Step) -> Backup:
    """Write everything to `target`, which appears only when it is whole; servers may run meanwhile."""
    source = _sqlite_path(database)
    attachments = sorted(path for path in files.glob("??/*") if _ATTACHMENT.fullmatch(_member_name(path)))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    members: dict[str, dict[str, Any]] = {}
    try:
        with _temporary(target.parent) as copy, partial.open("wb") as raw:
            _copy_database(source, copy)
            with (
                zstandard.ZstdCompressor(threads=-1).stream_writer(raw) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                members[_DATABASE] = _add(tar, _DATABASE, copy)
                for done, path in enumerate(attachments, 1):
                    members[_member_name(path)] = _add(tar, _member_name(path), path)
                    step(done, len(attachments))
                manifest = {"format": FORMAT, "created_at": now.isoformat(), "members": members}
                _add_bytes(tar, _MANIFEST, orjson.dumps(manifest))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return Backup(now.isoformat(), len(attachments), sum(member["size"] for member in members.values()))


def read_backup(database: Database, files: Path, source: Path, now: datetime, step: Step) -> tuple[Backup, Path | None]:
    """Put a backup in place of what is there; all of it is checked before anything is changed.

    The database before is copied beside itself; its path is returned, None where there was none. Attachments are only
    added: they are named by their content, so none can be overwritten.
    """
    target = _sqlite_path(database)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        unpacked = Path(name)
        manifest = _unpack(source, unpacked)
        _check_database(unpacked / _DATABASE)
        aside = _keep_aside(target, now)
        attachments = sorted(unpacked.glob("files/??/*"))
        for done, path in enumerate(attachments, 1):
            kept = files / path.parent.name / path.name
            kept.parent.mkdir(parents=True, exist_ok=True)
            if not kept.exists():
                path.replace(kept)
            step(done, len(attachments))
        _copy_database(unpacked / _DATABASE, target)
    size = sum(member["size"] for member in manifest["members"].values())
    return Backup(manifest["created_at"], len(attachments), size), aside


def _keep_aside(path: Path, now: datetime) -> Path | None:
    if not path.exists():
        return None
    aside = path.with_name(f"{path.stem}-before-restore-{now:%Y%m%dT%H%M%SZ}{path.suffix}")
    _copy_database(path, aside)
    return aside


def _sqlite_path(database: Database) -> Path:
    if not database.is_sqlite or not database.url.database or database.url.database == ":memory:":
        raise BackupRefused(
            "Backup and restore work on SQLite. For PostgreSQL use pg_dump and pg_restore, and copy the folder of the "
            "attachments with it."
        )
    return Path(database.url.database)


def _copy_database(source: Path, target: Path) -> None:
    """Copy through SQLite's online backup: one consistent state, in one transaction of the target."""
    with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target)) as writer:
        reader.backup(writer)


def _check_database(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        raise BackupRefused(f"The database in the backup is damaged: {verdict}.")


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack the known members below `folder` and compare them with the manifest, which is returned."""
    digests: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with (
            source.open("rb") as raw,
            zstandard.ZstdDecompressor().stream_reader(raw) as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            for member in tar:
                stream = tar.extractfile(member)
                if stream is not None and member.name == _MANIFEST:
                    manifest = orjson.loads(stream.read())
                elif stream is not None and (member.name == _DATABASE or _ATTACHMENT.fullmatch(member.name)):
                    digests[member.name] = _write(stream, folder / member.name)
                else:
                    raise BackupRefused(f"{source.name} holds “{member.name}”, which no backup has.")
    except (tarfile.TarError, zstandard.ZstdError, orjson.JSONDecodeError, EOFError) as error:
        raise BackupRefused(f"{source.name} is not a backup, or it is damaged: {error}.") from error
    if manifest is None:
        raise BackupRefused(f"{source.name} is cut off: its manifest is missing.")
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"{source.name} has format {manifest.get('format')}; this release reads {FORMAT}.")
    if digests != {name: member["sha256"] for name, member in manifest["members"].items()}:
        raise BackupRefused(f"{source.name} is damaged: its content does not match its manifest.")
    return manifest


def _member_name(path: Path) -> str:
    return f"files/{path.parent.name}/{path.name}"


def _add(tar: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    info = tarfile.TarInfo(name)
    info.size = path.stat().st_size
    with path.open("rb") as stream:
        hashing = _Hashing(stream)
        tar.addfile(info, hashing)
    return {"sha256": hashing.digest.hexdigest(), "size": info.size}


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


class _Hashing:
    """A stream that hashes what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.digest.update(chunk)
        return chunk


def _write(stream: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    hashing = _Hashing(stream)
    with path.open("wb") as out:
        while chunk := hashing.read(_CHUNK):
            out.write(chunk)
    return hashing.digest.hexdigest()


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        yield Path(name) / _DATABASE
