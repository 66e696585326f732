"""From what the browser sends to the values that a command takes; nothing is refused here but files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from werkzeug.datastructures import FileStorage, MultiDict

from engine.forms import Component, Form, Item
from engine.forms.component import put
from engine.forms.text_values import number_from_text
from engine.model.errors import Conflict, Forbidden, InvalidInput
from web import current, uploads
from web.forms import lookups
from web.forms.naming import name_of, part_name

if TYPE_CHECKING:
    from engine.queries.tasks import FormView

Sent = MultiDict[str, str]
SentFiles = MultiDict[str, FileStorage]
Errors = dict[str, list[str]]

_PARTS = ("result", "value", "defect_class", "note")


def read_answer(
    view: FormView, sent: Sent, files: SentFiles, *, task_id: str | None = None
) -> tuple[dict[str, Any], Errors]:
    """Read a task's or start form; files that came along are kept, those that are refused have their errors."""
    assert view.form is not None
    return read(view.form, view.data, sent, files, task_id=task_id)


def read(
    form: Form, data: Mapping[str, Any], sent: Sent, files: SentFiles | None = None, *, task_id: str | None = None
) -> tuple[dict[str, Any], Errors]:
    """Return the values by field key, as typed where they do not fit, and what is wrong with files by path."""
    reader = _Reader(form, data, sent, files or MultiDict(), task_id)
    values: dict[str, Any] = {}
    for component in form.inputs:
        if not component.is_locked:
            put(values, component.key, reader.value(component))
    return values, reader.errors


class _Reader:
    def __init__(self, form: Form, data: Mapping[str, Any], sent: Sent, files: SentFiles, task_id: str | None) -> None:
        self.filling = form.fill(data, now=current.now(), functions=lookups.functions())
        self.sent = sent
        self.files = files
        self.task_id = task_id
        self.errors: Errors = {}

    def value(self, component: Component) -> Any:
        name = name_of(component.key)
        text = self.sent.get(name, "")
        match component.type:
            case "checkbox":
                return name in self.sent
            case "checklist":
                return self.sent.getlist(name)
            case "number":
                return number_from_text(text) if text.strip() else None
            case "filepicker":
                return self.kept(
                    name, component.key, component.attribute("accept") or component.attribute("acceptedFormats")
                )
            case "inspection":
                items = self.filling.items(component) or ()
                answers = (self.item(component.key, place, item) for place, item in enumerate(items))
                return [answer for answer in answers if len(answer) > 1]
            case "select" | "radio" | "datetime":
                return text or None
        return text

    def item(self, key: str, place: int, item: Item) -> dict[str, Any]:
        answer: dict[str, Any] = {"id": item.id}
        for part in _PARTS:
            text = self.sent.get(part_name(key, item.id, part), "").strip()
            if text:
                answer[part] = number_from_text(text) if part == "value" else text
        photos = self.kept(part_name(key, item.id, "photos"), f"{key}.{place}.photos", "image/*")
        return answer | {"photos": photos} if photos else answer

    def kept(self, name: str, path: str, formats: Any) -> list[str]:
        """Return the ids of the files that stay and of the new ones, which are stored now."""
        ids = list(dict.fromkeys(one for one in self.sent.getlist(name) if one))
        for file in self.files.getlist(name):
            if file.filename:
                try:
                    upload = uploads.check(file, path)
                    if not accepts(formats, upload.name, upload.media_type):
                        message = gettext("“%(name)s” is not of the kind asked for here.", name=upload.name)
                        raise InvalidInput({path: [message]})
                    ids.append(uploads.attach(upload, task_id=self.task_id, field=path).id)
                except InvalidInput as error:
                    found = [message for messages in error.errors.values() for message in messages]
                    self.errors[path] = [*self.errors.get(path, []), *found]
                except (Conflict, Forbidden):  # the command that follows says whose task it is now
                    continue
        return ids


def accepts(formats: Any, name: str, media_type: str) -> bool:
    """Say whether a file fits `acceptedFormats`: ".pdf,image/*"; empty accepts all."""
    wanted = [one.strip().lower() for one in str(formats or "").split(",") if one.strip()]
    suffix = PurePosixPath(name).suffix.lower()
    return not wanted or any(
        one == suffix or one in (media_type, "*/*") or (one.endswith("/*") and media_type.startswith(one[:-1]))
        for one in wanted
    )
