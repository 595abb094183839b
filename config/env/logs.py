"""What is logged, and how a line looks."""

from typing import Any

import structlog

from config.env.identity import mode


def logging() -> dict[str, Any]:
    """Lines for people in demo, JSON in production, on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    rendered: list[Any] = (
        [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if mode() == "demo"
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *rendered,
                ],
                "foreign_pre_chain": shared,
            }
        },
        "filters": {"without_secrets": {"()": "config.request_log.WithoutSecrets"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            name: {"handlers": ["console"], "level": "INFO", "propagate": False}
            for name in (
                "accounts",
                "timebank",
                "ventures",
                "config",
                "django_structlog",
            )
        }
        # What is only refused or not there stands in the line of its request already.
        | {
            "django.request": {
                "handlers": ["console"],
                "filters": ["without_secrets"],
                "level": "ERROR",
                "propagate": False,
            }
        },
    }
