"""Alembic's migrations: expand, then contract; each tested from empty and from the release before."""
