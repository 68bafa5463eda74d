"""One BLAS thread where many small matrices are decomposed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@cache
def _controller() -> Any:
    # Finding the loaded libraries costs milliseconds, holding them to one thread microseconds.
    import scipy.linalg  # noqa: F401  (its BLAS must be loaded to be found)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def one_thread(function: Callable[P, T]) -> Callable[P, T]:
    """Run a function with BLAS held to one thread.

    Two threads make the decomposition of a 60 x 60 matrix five to ten times slower, and sums in
    another order change the last digits.

    Examples
    --------
    >>> @one_thread
    ... def double(x: int) -> int:
    ...     return 2 * x
    >>> double(4)
    8
    """

    @wraps(function)
    def pinned(*args: P.args, **kwargs: P.kwargs) -> T:
        with _controller().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return pinned
