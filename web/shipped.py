"""What comes with the product and `closeloop init` puts into the database: posts, models, registers and their first records.

Nothing that a plant has changed is overwritten: a model file is deployed when this very content never was, and a
register gets its shipped records only while it is empty.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.create_group import CreateGroup
from engine.commands.deploy_bundle import DeployBundle, Deployment
from engine.commands.import_records import ImportRecords
from engine.forms import RecordTypeForm, read_csv
from engine.model.actor import SYSTEM
from engine.model.errors import InvalidInput
from engine.queries import definitions, people, records
from engine.services.deployment import DeployFile

if TYPE_CHECKING:
    from engine.app import Engine

MODELS = (".bpmn", ".dmn", ".form")


def deploy(engine: Engine) -> Deployment:
    """Bring the shipped files of `models_dir` into the database; doing it again changes nothing."""
    folder = engine.settings.models_dir
    _create_groups(engine, folder / "forms" / "groups.json")
    known = engine.query(definitions.deployed_digests)
    files = tuple(file for file in read_shipped(folder) if file.sha256 not in known)
    deployment: Deployment = engine.execute(DeployBundle(files=files, actor=SYSTEM)) if files else Deployment()
    _import_records(engine, folder / "forms" / "records" / "seed")
    return deployment


def read_shipped(folder: Path) -> list[DeployFile]:
    """Read every model below `processes/` and `forms/`."""
    paths = [path for part in ("processes", "forms") for path in sorted((folder / part).rglob("*"))]
    return [DeployFile(str(path.relative_to(folder)), path.read_bytes()) for path in paths if path.suffix in MODELS]


def _create_groups(engine: Engine, path: Path) -> None:
    """Create the groups that are missing; one that the plant has renamed keeps its name."""
    known = {group.name for group in engine.query(people.list_groups)}
    for group in _read(path):
        if group["name"] not in known:
            engine.execute(CreateGroup(group["name"], SYSTEM, group["title"], group["titles"]))


def _import_records(engine: Engine, folder: Path) -> None:
    """Fill the registers that are empty; one that refers to others comes after them."""
    empty = {register.type: register.form for register, count in engine.query(records.list_record_types) if not count}
    waiting = {path.stem: path for path in sorted(folder.glob("*.csv")) if path.stem in empty}
    while waiting:
        ready = [name for name in waiting if not (_referred(empty[name]) - {name}) & waiting.keys()] or list(waiting)
        for name in ready:
            sheet = read_csv(empty[name], waiting.pop(name).read_bytes(), now=engine.clock())
            if sheet.errors:
                raise InvalidInput({f"{name}.csv:{e.row}.{e.column}": [str(e.message)] for e in sheet.errors})
            engine.execute(ImportRecords(name, sheet.records, SYSTEM))


def _referred(register: RecordTypeForm) -> set[str]:
    """Return the registers that the fields of this one pick from."""
    return {field.attribute("recordType", "") for field in register.form.inputs if field.type == "recordpicker"}


def _read(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return rows
