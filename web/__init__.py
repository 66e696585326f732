"""Shows and collects; knows no SpiffWorkflow and no SQL.

``app``      makes the Flask application; ``wsgi`` offers it to a server, ``cli`` to a terminal
``auth``     who is there; ``current`` is the engine and the person of this request
``security`` headers and form tokens; ``uploads`` files that come in and go out
``errors``   the one place where an engine's refusal becomes an answer
``formats``  instants, spans and sizes as people read them; ``people`` names and groups; ``history`` sentences
``forms``    forms drawn from their files and read back; ``assets`` built files and icons

A folder a page group: ``tasks`` (Inbox), ``instances`` (Cases), ``processes``, ``records``, ``figures``,
``portal``, ``admin``, and ``api`` for programs. Every change is ``engine.execute(Command(...))``, every look
``engine.query(...)``.
"""
