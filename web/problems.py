"""Problems of models in the page's language: what a check found, and why an expression cannot be read."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from engine.feel import FeelError, FeelSyntaxError
from engine.model.problem import Problem

TEMPLATES = (
    _l("The {what} “={text}” cannot be read: {error}."),
    _l("The cell or expression “{text}” cannot be read: {error}."),
    _l("{where}: {error}"),
    _l("No rule holds for {case}. Add a rule or a default output, or list the values that the column may have."),
    _l("No rule holds at the boundary {edge} (for example {case}). Let one of the rules beside it take it."),
    _l("Rules {first} and {second} both take the boundary {edge} (for example {case})."),
    _l(
        "Rules {first} and {second} hold together for {case}, but only one rule may hold in a table with this hit policy."
    ),
    _l("Rules {first} and {second} hold together for {case}, but answer differently."),
    _l("Rule {rule} never holds: no value of {column} passes its cell."),
    _l("Rule {rule} never decides: earlier rules take all of its cases, such as {case}."),
    _l("The table is not analysed: it has more than {most} rules."),
    _l("The table is not analysed: it has too many combinations."),
)
"""What checks say with parameters."""

ADVICE = (
    _l("The task has no name; people will see its id “{id}”. Name it by what is to be done."),
    _l(
        "Nobody is offered “{name}”. Give it candidate groups or an assignee, or put it into a lane named after a group."
    ),
    _l("There is no function “{name}”, so “{text}” gives nothing. Use a function of FEEL, or one of: {known}."),
    _l("The timer “{name}” ended on {day}, so it never fires. Give it a later end, or none."),
    _l("The timer “{name}” is set for {day}, which has passed, so it fires at once. Give it a later date."),
    _l("{way} goes round without end: nothing waits in it and no flow leads out. Draw a way out."),
    _l(
        "{way} goes round without a person or a timer in it, so it may never end. Put a timer into it, or be sure of its way out."
    ),
    _l("Nothing writes the variable “{name}”, which is read here. Is “{alike}” meant?"),
    _l("Nothing writes the variable “{name}”, which is read here. Set it before, or correct the name."),
)
"""What a diagram will not do as its owner thinks."""

IN_THE_WAY = (
    _l("The version that the case runs on has no “{id}”."),
    _l("The new version has no “{id}” to map to."),
    _l("The case would stop here: {reason}"),
    _l("The case would stop here: something that the move arms does not fit its values."),
    _l("The case is inside the called process “{process}”, which “{name}” does not call in the new version."),
    _l("“{name}” is undoing work at the moment. Move the case when that is through."),
    _l("“{target}” lies in another sub-process or process than “{name}”, or is not of its kind."),
    _l("The case stands at “{name}”, which the new version does not have. Map it to an element that it has."),
    _l("“{name}” is repeated in another way in the new version. Move the case when it is through."),
    _l("“{name}” is of another kind than “{target}” in the new version. Map it to an element of its kind."),
    _l("A branch came to “{name}” by the flow “{flow}”, which no longer leads there. Map the flow to one that does."),
    _l("“{name}” was still to be done, and the new version does not have it. Map it."),
    _l("What “{name}” did can be undone, and the new version does not have it. Map it to an element that undoes it."),
)
"""Why a case cannot move to another version."""

REASONS = (
    _l("the expression is empty"),
    _l("the expression ends too early"),
    _l('"{found}" cannot stand here'),
    _l('"{found}" is not part of FEEL'),
    _l("the text has no closing quote"),
    _l('"@" must be followed by a date, time or duration in double quotes'),
    _l('"not" is a function'),
    _l("the number is out of range"),
    _l('"{found}" is no date, time or duration'),
    _l('a list in "(…)" may stand only after "in"'),
    _l("the expression passes the limit: {what} (at most {limit:g})"),
    _l("loops and conditions in texts are not known here; write one FEEL expression"),
)
"""Why an expression cannot be read."""

MENDS = (
    _l('write "=" to compare'),
    _l('write "and"'),
    _l('write "or"'),
    _l('write "!=" for "is not equal"'),
    _l('write "!="'),
    _l('leave out "${" and "}": the expression stands alone'),
    _l('leave out "#{" and "}": the expression stands alone'),
    _l('leave out "{{" and "}}"'),
    _l('write texts in double quotes: "…"'),
    _l('use straight double quotes: "…"'),
    _l("use the ASCII sign instead of the full-width one"),
    _l('write "not(…)"'),
    _l('write "and", or "+" to join texts'),
    _l('write "modulo(a, b)"'),
    _l('write "," between items'),
    _l('a "\\" may stand only inside a text'),
    _l('write "if … then … else …"'),
    _l('write "not(…)" with brackets'),
    _l('write "not"'),
    _l('write "if"'),
    _l('write "then"'),
    _l('write "else"'),
    _l('write "true"'),
    _l('write "false"'),
    _l('write "null"'),
    _l('end it with "'),
    _l("write […] for a list"),
)
"""What to do about it."""

WORDS = (
    _l("a value"),
    _l("an operator"),
    _l("a name"),
    _l("a text"),
    _l("the end"),
    _l("characters in an expression"),
    _l("nested brackets"),
    _l("nested expressions"),
    _l("active elements"),
    _l("assignee"),
    _l("called process"),
    _l("collection"),
    _l("completion condition"),
    _l("condition"),
    _l("correlation key"),
    _l("decision"),
    _l("form"),
    _l("input collection"),
    _l("input mapping"),
    _l("job type"),
    _l("loop condition"),
    _l("mapping"),
    _l("message name"),
    _l("number of instances"),
    _l("output element"),
    _l("output mapping"),
    _l("parameter"),
    _l("retries"),
    _l("script"),
    _l("signal name"),
    _l("timer"),
)
"""What may stand in for a parameter; others, such as quoted signs, are shown as they are."""


def problem_text(problem: Problem) -> str:
    """Say what a check found."""
    if not problem.template:
        return gettext(problem.message) if problem.message else problem.rule
    params = {name: _shown(name, value) for name, value in problem.params.items()}
    return gettext(problem.template).format_map(params)


def feel_text(error: FeelError) -> str:
    """Say why an expression cannot be read, where, and what to do."""
    reason = gettext(error.template)
    if error.params:
        reason = reason.format_map({name: _shown(name, value) for name, value in error.params.items()})
    if not isinstance(error, FeelSyntaxError):
        return reason
    if error.line > 1:
        place = gettext("line %(line)s, column %(column)s", line=error.line, column=error.column)
    else:
        place = gettext("column %(column)s", column=error.column)
    words = gettext(" or ").join(gettext(word) for word in error.expected)
    wanted = gettext("; expected %(words)s", words=words) if words else ""
    mend = gettext("; %(mend)s", mend=gettext(error.mend)) if error.mend else ""
    return gettext("%(reason)s%(wanted)s (%(place)s)%(mend)s", reason=reason, wanted=wanted, place=place, mend=mend)


def _shown(name: str, value: object) -> object:
    if isinstance(value, FeelError):
        return feel_text(value)
    return gettext(value) if name == "what" and isinstance(value, str) else value
