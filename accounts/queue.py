"""Tasks of the queue, with the types that the queue's own decorator forgets."""

from collections.abc import Callable

from celery import shared_task


def task[**P, R](name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Known to the queue by this name. Called like a function it runs at once, in the caller."""

    def named(work: Callable[P, R]) -> Callable[P, R]:
        made: Callable[P, R] = shared_task(name=name)(work)
        return made

    return named
