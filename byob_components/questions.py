"""What a cloud is asked in the middle of a run, and what is told when it does not answer."""

from collections.abc import Callable
from typing import TypeVar

import pulumi

from byob_components.errors import ByobError, Fault
from byob_components.store import refuse

T = TypeVar("T")


def answered(
    asked: pulumi.Output[T],
    code: str,
    where: str,
    what: str,
    fix: str,
    otherwise: Callable[[Exception], T | None] = lambda problem: None,
) -> pulumi.Output[T]:
    """The answer to a question, without a traceback when there is none.

    There is none for wrong credentials, and none for a question that is open while the engine refuses a change: it ends the
    run then, and the provider with it.

    Args:
        asked: The answer.
        code: The cloud's code for a question without an answer.
        where: The argument that the answer stands for.
        what: What could not be had, a clause.
        fix: What to do where nothing else is wrong.
        otherwise: What the answer is in the face of a problem that is an answer too; None where it is not.

    Raises:
        ByobRunError: In the run, when the output is waited for and there is no answer.
    """

    def none(problem: Exception) -> T:
        if isinstance(problem, ByobError):
            raise problem  # what was asked for was refused before anybody was asked
        answer = otherwise(problem)
        if answer is None:
            mend = f"mend what else this run reports, or the provider's credentials; {fix}"
            refuse([Fault(code, where, f"{what}: {problem}", fix=mend)], code.split("-")[1])
            raise problem
        return answer

    return asked.recover(none)
