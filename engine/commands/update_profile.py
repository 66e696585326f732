"""Set one’s own language and theme."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.work import Work
from engine.model.actor import Actor
from engine.model.errors import InvalidInput
from engine.store.people import set_profile


@dataclass(frozen=True, slots=True)
class UpdateProfile:
    """Set one's own language and theme (None follows the browser)."""

    actor: Actor
    locale: str | None
    theme: str | None

    def handle(self, work: Work) -> None:
        errors: dict[str, list[str]] = {}
        if self.locale not in (None, "en", "zh_Hans"):
            errors["locale"] = ["Choose one of the languages offered."]
        if self.theme not in (None, "light", "dark"):
            errors["theme"] = ["Choose light, dark or the system's."]
        if errors:
            raise InvalidInput(errors)
        set_profile(work.connection, self.actor.name, self.locale, self.theme)
