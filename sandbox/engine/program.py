"""The child process of the language host: runs one Pulumi program. Usage: program.py ENTRY, with the job in the environment."""

import asyncio
import json
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

EXIT_REPORTED = 32
"""The program failed, and the user has already been told why."""


def run_program(entry: str) -> int:
    import pulumi
    from pulumi.runtime import Settings, configure, run_in_stack, set_all_config

    job = json.loads(os.environ.pop("PULUMI_LANGHOST_JOB"))
    set_all_config(json.loads(os.environ["PULUMI_CONFIG"]), json.loads(os.environ["PULUMI_CONFIG_SECRET_KEYS"]))
    configure(Settings(**job["settings"]))
    sys.argv = [entry, *job["args"]]
    # This file's own directory must not shadow the user's modules.
    sys.path[0] = entry if os.path.isdir(entry) else os.path.dirname(entry)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # unobserved futures are normal on failure
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pool = ThreadPoolExecutor(max(job["settings"]["parallel"], 1) * 4)
    loop.set_default_executor(pool)
    try:
        loop.run_until_complete(run_in_stack(lambda: runpy.run_path(entry, run_name="__main__") and None))
        return 0
    except pulumi.RunError as error:  # meant for the user: no traceback
        pulumi.log.error(str(error))
    except Exception as error:
        pulumi.log.error("Program failed with an unhandled exception:\n" + _shown(error, entry))
    finally:
        pool.shutdown(wait=True)
    return EXIT_REPORTED


def _shown(error: Exception, entry: str) -> str:
    """The user's frames only, if there are any."""
    own = os.path.dirname(os.path.abspath(entry)) if os.path.isfile(entry) else entry
    frames = error.__traceback__
    while frames and not frames.tb_frame.f_code.co_filename.startswith(own):
        frames = frames.tb_next
    if frames is None and not isinstance(error, SyntaxError):
        frames = error.__traceback__  # failed inside the SDK: show everything
    return "".join(traceback.format_exception(type(error), error, frames))


if __name__ == "__main__":
    sys.exit(run_program(sys.argv[1]))
