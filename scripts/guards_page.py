"""Write docs/guards.md: what ``when`` and ``unless`` of a rule may ask.

``python scripts/guards_page.py [FILE]``; a test compares the page with a fresh one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from policies.expressions.guard import MOST_GUARDS
from policies.expressions.language import FACTS, LONGEST

PAGE = Path(__file__).parent.parent / "docs" / "guards.md"
HEAD = """\
# When a rule speaks: `when` and `unless`

Written by `make docs`. A rule of a pack, each of its checks, and each own guard of a scenario (`guards.rules`) may
carry `when` and `unless`: expressions in CEL, the Common Expression Language. The rule speaks of a message where `when`
is true and `unless` is false; otherwise nothing is asked of the message.

```yaml
when: channel in ['sms', 'voice'] && country == 'RU'
unless: attributes.segment == 'staff' || campaign.startsWith('test-')
```

| fact | what it is |
|---|---|
"""
TAIL = """\
| `attributes.NAME` | a column of the audience; `attributes["Any name"]` where the name is no plain word |

All facts are texts. Compare them (`==`, `!=`, `in [...]`), ask how they begin or end (`startsWith`, `endsWith`,
`contains`, `matches`), turn them into numbers (`int(attributes.age) >= 18`, `double(...)`), and join all that by `&&`,
`||`, `!` and brackets.

**A missing fact is never an answer.** What does not depend on it is decided without it (`a || b` is true where either
is); what does is not known: the rule *may* speak of the message, and whatever is not a pass becomes *needs input*. So
`has()` is refused: nothing needs to be asked about a fact but its value. A number that is none is a missing fact.

`prelaunch rules check FILE` tells faults with line and field before anything is run: names that are no facts, types
that do not go together, expressions that are neither true nor false, longer than {longest} characters, or that loop.
Guards of at most {most} different wordings fit one run. A check that judges a whole run cannot have one.

[How they are evaluated](decisions/0020-cel-guards.md): once for each combination of facts that occurs, before the run.
"""


def page() -> str:
    """Return the page."""
    rows = [f"| `{name}` | {meaning} |\n" for name, meaning in FACTS.items()]
    return HEAD + "".join(rows) + TAIL.format(longest=f"{LONGEST:,}", most=MOST_GUARDS)


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE).write_text(page(), encoding="utf-8")
