"""A metric by its name, or any function as MODULE:FUNCTION."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.metrics import METRICS
from goldwire.evaluate.profiles.table import PROFILES


def load(name: str) -> Callable[..., Any]:
    """Return what stands under the name of a metric or a profile, or a function written as module:function.

    Modules of the working directory are found too.

    Raises ProblemError where there is none.

    >>> load("math:hypot")(3, 4), load("numbers.span").name
    (5.0, 'numbers.span')
    """
    if name in METRICS:
        return METRICS[name]
    if name in PROFILES:
        return PROFILES[name]
    module, colon, function = name.partition(":")
    if not colon or not module or not function:
        raise ProblemError(
            Problem(name, 0, "no-function", "no metric, no profile, and no function written module:function")
        )
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found: Any = importlib.import_module(module)
        for part in function.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise ProblemError(Problem(name, 0, "no-function", str(error))) from None
    if not callable(found):
        raise ProblemError(Problem(name, 0, "no-function", f"{function} is a {type(found).__name__}"))
    return found  # type: ignore[no-any-return]
