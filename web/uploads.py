"""Files that come in and go out: their kind is read from their bytes, their name is only ever text."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from flask import Response, send_file
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from engine.commands.add_attachment import AddAttachment
from engine.model.errors import InvalidInput
from engine.store.attachments import Attachment
from web import current

_HEAD = 4096
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"AC10", "image/vnd.dwg"),
)
_BY_NAME = {
    "application/zip": {
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".odt": "application/vnd.oasis.opendocument.text",
        ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    },
    "application/x-ole-storage": {
        ".doc": "application/msword",
        ".xls": "application/vnd.ms-excel",
        ".ppt": "application/vnd.ms-powerpoint",
    },
    "text/plain": {".csv": "text/csv"},
}
_SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was checked but belongs to nothing yet."""

    name: str
    media_type: str
    file: FileStorage


def check(file: FileStorage, field: str = "file") -> Upload:
    """Tell what a file is from its first bytes; refuse empty ones and kinds that nobody attaches to a case."""
    head = file.stream.read(_HEAD)
    file.stream.seek(0)
    if not head:
        raise InvalidInput({field: [gettext("The file is empty.")]})
    name = clean_name(file.filename)
    kind = _kind(head)
    if kind is None:
        accepted = gettext("Pictures, videos, sound, PDF, Office files, archives and text are accepted.")
        raise InvalidInput({field: [accepted]})
    media_type = _BY_NAME.get(kind, {}).get(PurePosixPath(name).suffix.lower(), kind)
    return Upload(name, media_type, file)


def attach(
    upload: Upload, *, task_id: str | None, instance_id: str | None = None, field: str | None = None
) -> Attachment:
    """Keep a checked file and attach it; bytes without an attachment, after a refusal, are nobody's to fetch."""
    engine = current.engine()
    stored = engine.files.put(upload.file.stream, engine.settings.max_upload_mb << 20)
    attachment: Attachment = engine.execute(
        AddAttachment(
            instance_id=instance_id,
            task_id=task_id,
            field=field,
            name=upload.name,
            media_type=upload.media_type,
            size=stored.size,
            sha256=stored.sha256,
            actor=current.actor(),
        )
    )
    return attachment


def send(attachment: Attachment, *, inline: bool = False) -> Response:
    """Send a file so that no browser runs it: as a download, sandboxed, its kind not guessed; pictures may be shown."""
    stream: IO[bytes] = current.engine().files.open(attachment.sha256)
    response = send_file(
        stream,
        mimetype=attachment.media_type,
        as_attachment=not (inline and attachment.media_type in _SHOWN_INLINE),
        download_name=attachment.name,
        etag=attachment.sha256,
        conditional=True,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def clean_name(name: str | None) -> str:
    """Keep the last part of a name without what is not for eyes; it is text to show and never becomes a path."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C").strip()
    return kept[-200:] if kept.strip(".") else "file"


def _kind(head: bytes) -> str | None:
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in (b"heic", b"heix", b"mif1", b"hevc"):
            return "image/heic"
        return "audio/mp4" if brand == b"M4A " else "video/quicktime" if brand == b"qt  " else "video/mp4"
    return "text/plain" if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    """Tell text from binary: decodable, with no control characters but white space."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)  # a character cut off at the end is no fault
        except UnicodeDecodeError:
            continue
        return all(char in "\t\n\r\f\ufeff" or unicodedata.category(char) != "Cc" for char in text)
    return False
