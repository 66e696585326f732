"""Starts `closeloop serve` as a process of its own, again and again: forked off a process that has all modules loaded.

Each line on stdin is a command line for `closeloop`; the answer is the pid of the process that runs it.
"""

import gc
import os
import shlex
import signal
import sys

import web.app
import web.cli
import web.serving


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            web.cli.main(shlex.split(line), prog_name="closeloop")
        print(pid, flush=True)


if __name__ == "__main__":
    main()
