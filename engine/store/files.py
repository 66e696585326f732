"""Attachment bytes on disk, named by their SHA-256: the same file is kept once, a name never becomes a path."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from engine.model.errors import InvalidInput, NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file; `size` in bytes."""

    sha256: str
    size: int


class Files:
    """A folder of content-addressed files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, stream: IO[bytes], limit: int) -> Stored:
        """Keep the stream's bytes, on disk for good before this returns; refuse more than `limit` bytes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as out:
            temporary = Path(out.name)
            try:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise InvalidInput({"file": [f"The file is larger than {limit // (1 << 20)} MB."]})
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        target = self._path(digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)
        return Stored(digest.hexdigest(), size)

    def open(self, sha256: str) -> BinaryIO:
        path = self._path(sha256)
        if not path.is_file():
            raise NotFound("file", sha256)
        return path.open("rb")

    def _path(self, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise NotFound("file", sha256)
        return self.folder / sha256[:2] / sha256
