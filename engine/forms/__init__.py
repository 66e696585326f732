"""Forms: `.form` files (form-js JSON) become rules for what a person or a program answers.

`read` never raises; a `Form` is immutable; `Form.fill` puts it over a task's variables. May import feel and model.
"""

from engine.forms.component import Component, Option
from engine.forms.filling import Filling
from engine.forms.form import Form
from engine.forms.inspection import Item
from engine.forms.messages import Message
from engine.forms.reading import read
from engine.forms.record_type import RecordTypeForm, is_record_type, read_record_type
from engine.forms.spreadsheet import CellError, Sheet, read_csv, write_csv

__all__ = [
    "CellError", "Component", "Filling", "Form", "Item", "Message", "Option", "RecordTypeForm", "Sheet",
    "is_record_type", "read", "read_csv", "read_record_type", "write_csv",
]  # fmt: skip
