"""Write the README's picture: the head of a real report and its chart of limits, as a browser shows them.

Run it after `make run`; another report can be named. Needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "runs" / "five-step-offer" / "report.html"
PICTURE = ROOT / "docs" / "images" / "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1000, 990
LARGEST = 150_000
MORE = "body { padding: 1.2rem 1.25rem; } h2 { margin-top: 1.2rem; } #limits ~ p { display: none; }"


def excerpt(page: str) -> str:
    """Return the page cut down to its head and the section of limits."""
    top = page[: page.index("<nav>")].replace("</style>", f"{MORE}</style>")
    section = re.search(r'<h2 id="limits">.*?</svg>', page, re.DOTALL)
    if section is None:
        raise SystemExit("the report has no chart of limits")
    return f"{top}{section.group()}</body></html>"


def shoot(page: str, picture: Path) -> None:
    """Write what the browser shows of the page."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit(f"needs one of {', '.join(BROWSERS)}")
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "excerpt.html"
        source.write_text(page, encoding="utf-8")
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
             f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={picture}", source.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def main() -> int:
    """Write the picture; return 1 if it is too large for a repository."""
    report = Path(sys.argv[1]) if len(sys.argv) > 1 else REPORT
    shoot(excerpt(report.read_text(encoding="utf-8")), PICTURE)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size} bytes")
    return int(size > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
