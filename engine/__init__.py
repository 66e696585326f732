"""Runs processes; knows no HTTP. The map, from the top down:

``app``        the Engine: wires everything; ``execute(command)`` is one transaction
``scheduler``  wakes at the next due instant, claims due jobs, executes commands
``commands``   what may change, one verb a file: a frozen dataclass and its handler
``queries``    what may be asked: rows in, frozen views out, page by page
``services``   what a service task can do: notify, call, write records
``bpmn``       loads, checks and steps diagrams; the only importer of SpiffWorkflow
``forms``      a ``.form`` file as the rules of what may be answered
``store``      rows in, model values out; SQLite and PostgreSQL; migrations
``dmn``        decision tables, on ``feel``
``feel``       the expression language: text, syntax tree, compiled closures
``xml``        the one loader of every XML
``model``      the rules as plain values; standard library only, ``now`` is an argument
``config``     settings from the environment

Each may import what stands below it, never above or beside it (``make check`` holds this).
Read ``commands/complete_task.py`` next: it shows the way of every change.
"""
