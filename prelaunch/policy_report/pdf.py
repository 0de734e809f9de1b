"""Prints a page to PDF by Chromium, without a network."""

from __future__ import annotations

import shutil
import subprocess  # runs the browser that the machine has, with fixed arguments
import tempfile
from pathlib import Path

from policies.errors import InputError, Problem

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
)  # fmt: skip
"""No sandbox of its own: a container has none to give, and the page runs no script and asks for nothing."""


def find_browser() -> str:
    """Return the path of Chromium. Raises ``InputError`` with what to install where there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    remedy = "on Debian and Ubuntu install the package chromium, or open the page in a browser and print it there"
    raise InputError([Problem("--pdf", "needs Chromium, which is not installed", remedy)])


def print_pdf(page: Path, pdf: Path) -> None:
    """Write ``page`` as PDF. Raises ``InputError`` if the browser is missing or does not write it."""
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="prelaunch-pdf-", ignore_cleanup_errors=True) as folder:
        draft = Path(folder) / "page.pdf"
        words = [browser, *ARGUMENTS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={draft}",
                 page.absolute().as_uri()]  # fmt: skip
        try:
            done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise _failed(pdf, f"{browser} took more than {SECONDS} s") from None
        if not draft.is_file():
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise _failed(pdf, f"{browser} wrote no PDF: {said[-1] if said else done.returncode}")
        try:
            shutil.copyfile(draft, pdf)
        except OSError as error:
            raise _failed(pdf, f"cannot be written: {error.strerror}") from None


def _failed(pdf: Path, what: str) -> InputError:
    return InputError([Problem(str(pdf), what, "open the page in a browser and print it there")])
