"""The exit codes of the command line."""

from __future__ import annotations

import errno

DONE = 0
FINDINGS = 1
"""Findings at or above ``--fail-on``."""
BAD_INPUT = 2
"""Bad input or usage."""
MACHINE_LIMIT = 3
"""Stopped by a limit of the machine: memory or disk."""
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says of a full disk."""
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP, errno.EISDIR, errno.ENOTDIR)
"""What the system says of a path that it does not let us use."""
INTERRUPTED = 130
"""Interrupted from the keyboard; what is done is kept."""
READER_GONE = 141
"""Whoever read our output went away (``prelaunch rules | head``); by the shells' custom 128 + SIGPIPE."""
