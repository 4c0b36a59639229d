"""Run a program, print the peak of its memory in megabytes, and exit as it did.

On Linux a program starts with the peak of the one that starts it. So this one imports next to nothing.
"""

import os
import sys

if sys.platform != "win32":
    nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
    _, status, resources = os.wait4(process, 0)
    print(resources.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))
    sys.exit(os.waitstatus_to_exitcode(status))
