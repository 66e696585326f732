"""The rules as plain values: actors, instances, user tasks, history, what a step of a process brought about.

Standard library only; nothing here reads a clock, a database or a file: `now` is an argument.
"""
