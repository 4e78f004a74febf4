"""`python -m crm_reconcile`: the program."""

import os
import subprocess
import sys

from ._program import find_binary


def main() -> int:
    """Runs the program with the arguments of this process."""
    arguments = [str(find_binary()), *sys.argv[1:]]
    if os.name == "posix":
        os.execv(arguments[0], arguments)
    return subprocess.call(arguments)


if __name__ == "__main__":
    sys.exit(main())
