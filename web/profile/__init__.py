"""A person's own page: language, theme, password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.commands.set_password import SetPassword
from engine.commands.update_profile import UpdateProfile
from engine.queries.people import get_user
from web import auth, current

blueprint = Blueprint("profile", __name__, url_prefix="/profile")
SHORTEST_PASSWORD = 10


@blueprint.get("")
def show() -> str:
    return render_template("profile/show.html", errors={})


@blueprint.post("/display")
def set_display() -> ResponseReturnValue:
    """Keep language and theme; both count from the next page on."""
    user = current.user()
    locale = request.form.get("locale", user.locale)
    theme = request.form.get("theme", user.theme)
    theme = None if theme == "system" else theme
    current.execute(UpdateProfile(actor=user.actor, locale=locale, theme=theme))
    session.pop("locale", None)
    return redirect(url_for("profile.show"))


@blueprint.post("/password")
@auth.limiter.limit(
    "10 per 5 minutes", key_func=lambda: current.user().name, deduct_when=lambda response: response.status_code == 422
)
def set_password() -> ResponseReturnValue:
    """Change the password; every other session of the person ends."""
    user = current.user()
    new = request.form.get("new", "")
    errors: dict[str, str] = {}
    if not auth.check_password(user, request.form.get("old", "")):
        errors["old"] = gettext("This is not your present password.")
    if len(new) < SHORTEST_PASSWORD:
        errors["new"] = gettext("Use at least %(n)s characters.", n=SHORTEST_PASSWORD)
    if new != request.form.get("again", ""):
        errors["again"] = gettext("The two new passwords differ.")
    if errors:
        return render_template("profile/show.html", errors=errors), 422
    current.execute(SetPassword(name=user.name, password_hash=auth.hash_password(new), actor=user.actor))
    auth.begin_session(current.query(get_user, name=user.name))
    flash(gettext("Your password is changed; other devices are signed out."))
    return redirect(url_for("profile.show"))
