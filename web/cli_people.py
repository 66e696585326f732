"""`closeloop user create` and `closeloop token create`: the only way to a first admin."""

from __future__ import annotations

import sys

import click

from engine.model.actor import ROLES
from web.cli import opened_engine


@click.group()
def user() -> None:
    """People and programs that may sign in."""


@user.command("create")
@click.argument("name")
@click.option(
    "--group", "groups", multiple=True, metavar="G", help="A post of the plant, made if new; several are possible."
)
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="Several are possible; staff if none.")
@click.option("--display-name", default="", help="The name that pages show; NAME if none.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; without it the user has none.")
def create_user(
    name: str, groups: tuple[str, ...], roles: tuple[str, ...], display_name: str, password_stdin: bool
) -> None:
    """Create the user NAME, or give an existing one these roles and groups; its password stays where none is given."""
    from engine.commands.create_group import CreateGroup
    from engine.commands.create_user import CreateUser
    from engine.model.actor import SYSTEM
    from engine.queries import people
    from web.auth import hash_password

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if password is not None and len(password) < 8:
        raise click.ClickException("The password must have at least 8 characters.")
    with opened_engine() as engine:
        known = {group.name for group in engine.query(people.list_groups)}
        for group in dict.fromkeys(groups):
            if group not in known:
                engine.execute(CreateGroup(group, SYSTEM, group))
                click.echo(f"Group {group} is created.", err=True)
        existed = engine.query(people.find_user, name=name) is not None
        engine.execute(
            CreateUser(
                name=name,
                actor=SYSTEM,
                display_name=display_name or name,
                password_hash=hash_password(password) if password else None,
                groups=groups,
                roles=roles or ("staff",),
            )
        )
    click.echo(f"User {name} is {'changed' if existed else 'created'}.", err=True)


@click.group()
def token() -> None:
    """Tokens for the REST API."""


@token.command("create")
@click.argument("name")
def create_token(name: str) -> None:
    """Make a token for the user NAME and print it: it is shown this once."""
    from engine.commands.create_token import CreateToken
    from engine.model.actor import SYSTEM
    from web.api import tokens

    made = tokens.new_token()
    with opened_engine() as engine:
        engine.execute(CreateToken(user_name=name, sha256=tokens.digest(made), actor=SYSTEM))
    click.echo(made)


COMMANDS = (user, token)
