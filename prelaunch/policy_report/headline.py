"""The verdict of the whole page in plain sentences; never that all is well, only what was seen and what is proved."""

from __future__ import annotations

from prelaunch.policy_report.earlier import changes
from prelaunch.policy_report.model import Content
from prelaunch.policy_report.phrases import Phrases

GRAVE = ("block", "error")
LATER = ("review", "needs input", "not decided", "enforced", "not tested")


def is_broken(content: Content) -> bool:
    """Say whether a rule is violated in the run or by proof."""
    proofs = content.verify.rules if content.verify else ()
    return any(entry.verdict == "violated" for entry in content.rules) or any(p.verdict == "violated" for p in proofs)


def headline(content: Content, say: Phrases) -> list[str]:
    """Return the sentences of the first screen, the gravest first."""
    if not content.rules:
        return [say("say.none"), say("say.limits")]
    kind = content.subject.kind
    broken = [entry for entry in content.rules if entry.verdict == "violated"]
    grave = sum(entry.severity in GRAVE for entry in broken)
    first = say(f"say.violated_{kind}", n=len(broken), grave=grave) if broken else say(f"say.unbroken_{kind}")
    sentences = [first]
    answered = sum(entry.suppressed is not None for entry in broken)
    if answered:
        sentences.append(say("say.suppressed", n=answered))
    if content.verify:
        sentences.append(_of_proofs(content, say))
    for verdict in LATER:
        n = sum(entry.verdict == verdict for entry in content.rules)
        if n:
            sentences.append(say(f"say.{verdict.replace(' ', '_')}", n=n))
    return [*sentences, _since(content, say), say("say.limits")]


def _since(content: Content, say: Phrases) -> str:
    """Return in a sentence what has changed since the earlier report."""
    found = changes(content)
    if found is None:
        return say("say.first")
    fresh = sum(verdict == "violated" for _, _, verdict in found.added)  # broken, and not even judged before
    moved = len(found.other) + len(found.added) + len(found.removed) - fresh
    return say("say.since", worse=len(found.worse) + fresh, better=len(found.better), other=moved)


def _of_proofs(content: Content, say: Phrases) -> str:
    assert content.verify is not None
    verdicts = [proof.verdict for proof in content.verify.rules]
    proved, violated = verdicts.count("proved"), verdicts.count("violated")
    return say("say.proofs", proved=proved, violated=violated, open=len(verdicts) - proved - violated)
