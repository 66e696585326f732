"""Rows in, model values out: SQLAlchemy Core on SQLite and PostgreSQL. Only this package and `engine.queries` know SQL.

A module per kind of row; `database` opens transactions, `advance` persists what a step brought about.
"""
