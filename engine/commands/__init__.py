"""Everything that changes state: one verb a file, a frozen dataclass with its `handle`.

A handler reads find → may he? → change → hand over. `Engine.execute` stands around it: one transaction, one clock
reading, one commit.
"""
