"""How each tool ends: in one sentence where something is missing, quietly on Ctrl-C."""

import signal
import sys

from .console import SetupError


def main(tool):
    """Run a tool and leave with its exit status.

    :param callable tool: takes the command line's arguments, returns the exit status
    """
    # Being told to stop is like Ctrl-C: children are stopped, locks are let go.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(tool(sys.argv[1:]))
    except SetupError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
