"""The programs' way in: `/api/v1`, JSON in and out, a Bearer token each call, errors as RFC 9457 problem documents.

``register`` puts it into an application. A module a resource, its schemas beside its routes: ``deployments``,
``definitions``, ``instances``, ``tasks``, ``messages``, ``timers``, ``jobs``, ``incidents``, ``decisions``, ``records``,
``attachments``. ``resource`` is what they share (blueprint, parsing, execution), ``fields`` the field types,
``tokens`` tells who calls, ``spec`` writes OpenAPI and ``docs`` shows it.

A session cookie never counts here, so a foreign page cannot act in a person's name and no form token is needed.
"""

from __future__ import annotations

from web.api.registration import DEFAULT_THREADS, register

__all__ = ["DEFAULT_THREADS", "register"]
