"""Logs and figures: one JSON object per line on standard error, counters for Prometheus.

No log line and no label carries personal data: no names, no bodies, no subjects of cases, no texts of errors
that were made from data. Positions, ids of topics and groups, kinds of errors and durations are enough to
find the rest in the database, where access is controlled.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import orjson
import structlog
from prometheus_client import Counter, Gauge

PUBLISHED = Counter("xianjie_outbox_published", "Messages that the relay put on the bus.", ["schema"])
HANDLED = Counter("xianjie_consumer_handled", "Messages handled and committed.", ["group"])
REPEATED = Counter(
    "xianjie_consumer_repeated", "Deliveries dropped because they were handled before.", ["group"]
)
FAILED = Counter("xianjie_consumer_failed", "Attempts at a message that failed.", ["group"])
PARKED = Counter("xianjie_consumer_parked", "Messages set aside with their key.", ["group"])
AWAY = Counter("xianjie_unavailable", "Times a loop found the database or the bus away.", ["loop"])
RESTARTED = Counter("xianjie_task_restarted", "Times a failed task was started again.", ["service", "task"])
LAG = Gauge("xianjie_consumer_lag", "Messages on the bus that the group has not acknowledged.", ["group"])


def configure(*, level: int = logging.INFO) -> None:
    """Send the logs of this process to standard error as JSON lines. Called once, by a composition root."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up at each line: whoever redirects standard error redirects the logs too.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def told(error: BaseException) -> dict[str, str]:
    """Return what a log may say about an error: kind, stable code, the line that raised it; not its text."""
    fields = {"error": type(error).__name__}
    problem = getattr(error, "problem", None)
    if problem is not None:
        fields["code"] = problem.code
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate is not None:
        fields["sqlstate"] = str(sqlstate)
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is not None:
        fields["at_line"] = f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}"
    return fields


def _json(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()
