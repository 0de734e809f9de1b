"""The words of the tables for people, in English and Russian; rules and what they say of a case too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from policies.findings import Verdict
from policies.rules import Rule
from policies.sites import Site
from prelaunch.reports.verdicts import MEANING
from prelaunch.sentences import said

Language = Literal["en", "ru"]

HEADINGS: Mapping[str, tuple[str, str]] = {
    "summary": ("Summary", "Сводка"),
    "rules": ("Rules", "Правила"),
    "findings": ("Findings", "Находки"),
    "evidence": ("Evidence", "Примеры"),
    "run": ("Run", "Прогон"),
    "rule": ("Rule", "Правило"),
    "pack": ("Pack", "Набор правил"),
    "severity": ("Severity", "Тяжесть"),
    "verdict": ("Verdict", "Вердикт"),
    "title": ("What it is about", "О чём правило"),
    "statement": ("What it asks for", "Что требуется"),
    "meaning": ("What it means", "Что это значит"),
    "tested": ("Judged", "Проверено"),
    "failed": ("Failed", "Нарушений"),
    "review": ("For review", "На усмотрение"),
    "unknown": ("Lacking an input", "Не хватает данных"),
    "enforced": ("Stopped by the gate", "Остановлено шлюзом"),
    "upper_bound": ("Failure rate at most (95 %)", "Доля нарушений не выше (95 %)"),
    "missing": ("What is missing", "Чего не хватает"),
    "note": ("Note", "Примечание"),
    "fix": ("What to do", "Что делать"),
    "act": ("Source", "Источник"),
    "url": ("Link", "Ссылка"),
    "read_on": ("Read on", "Прочитано"),
    "answer": ("Answer", "Ответ"),
    "count": ("Cases", "Случаев"),
    "campaign": ("Campaign", "Кампания"),
    "step": ("Step", "Шаг"),
    "channel": ("Channel", "Канал"),
    "template": ("Template", "Шаблон"),
    "sender": ("Sender", "Отправитель"),
    "recipient": ("Recipient", "Получатель"),
    "at": ("Time (UTC)", "Время (UTC)"),
    "local_time": ("Local time", "Местное время"),
    "explanation": ("Why", "Почему"),
    "replay": ("Command that replays it", "Команда повтора"),
    "counts": ("Counts for the exit code", "Влияет на код выхода"),
    "suppressed": ("Suppressed: reason", "Исключение: основание"),
    "approver": ("Approver", "Кто утвердил"),
    "expires": ("Holds until", "Действует по"),
    "value": ("Value", "Значение"),
    "baseline": ("Beside the baseline", "К прошлому прогону"),
    "fingerprint": ("Fingerprint", "Отпечаток"),
    "place": ("Where", "Где"),
    "yes": ("yes", "да"),
    "no": ("no", "нет"),
    "the whole run": ("the whole run", "весь прогон"),
    "further places": ("further places", "прочие места"),
    "name": ("Name", "Название"),
    "file": ("File", "Файл"),
    "seed": ("Seed", "Начальное число"),
    "as_of": ("Rules as of", "Правила на дату"),
    "gate": ("Gate", "Шлюз"),
    "log_hash": ("Hash of the log", "Отпечаток журнала"),
    "packs": ("Packs", "Наборы правил"),
    "version": ("Version of prelaunch", "Версия prelaunch"),
    "today": ("Suppressions judged on", "Исключения проверены на дату"),
    "fail_on": ("Severity that counts", "Порог тяжести"),
    "suppressed_count": ("Findings suppressed", "Находок с исключением"),
    "rules_count": ("Rules", "Правил"),
    "fault": ("Suppression not taken", "Исключение не принято"),
    "mark": ("About suppressions and baseline", "Об исключениях и сравнении"),
}
"""Headings and labels: English, Russian."""

RUSSIAN: Mapping[str, str] = {
    "proved": "доказано", "enforced": "удержано шлюзом", "violated": "нарушено",
    "not observed": "нарушений не замечено", "review": "решает человек", "needs input": "не хватает данных",
    "not tested": "не проверено", "not decided": "не решено",
    "block": "запрет", "error": "ошибка", "warn": "предупреждение", "info": "сведение",
    "fail": "нарушено", "unknown": "неизвестно", "new": "новое", "unchanged": "было и раньше", "gone": "больше нет",
    "observe": "наблюдают", "enforce": "останавливают", "never": "никогда",
}  # fmt: skip
"""Our own words as they stand in findings.json: verdicts, severities, answers, marks, settings."""

MEANING_RU: Mapping[Verdict, str] = {
    Verdict.VIOLATED: "нарушено в этом прогоне, есть примеры",
    Verdict.REVIEW: "решать должен человек",
    Verdict.NEEDS_INPUT: "не хватает данных, поэтому не сказано ничего",
    Verdict.NOT_DECIDED: "нет доказательства ни за, ни против: поиск дошёл до предела, или решающее не перебиралось",
    Verdict.NOT_OBSERVED: "в проверенных сообщениях не нарушено; доля нарушений всё же может быть больше нуля",
    Verdict.ENFORCED: "соблюдено лишь потому, что шлюз останавливал сообщения",
    Verdict.PROVED: "соблюдается собственными ограничениями компании, что бы ни случилось",
    Verdict.NOT_TESTED: "того, о чём правило, не произошло",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: Language = "ru"

    def heading(self, name: str) -> str:
        """Return a heading or label."""
        return HEADINGS[name][self.language == "ru"]

    def word(self, word: str) -> str:
        """Return one of our own words; as it is where it has no other form."""
        return RUSSIAN.get(word, word) if self.language == "ru" else word

    def text(self, rule: Rule, field: Literal["title", "statement", "fix"]) -> str:
        """Return title, statement or fix of a rule; in English where it has no other text."""
        return rule.languages.get(self.language, {}).get(field) or str(getattr(rule, field))

    def said(self, sentence: str) -> str:
        """Return what a rule says of a case."""
        return said(sentence, self.language)

    def meaning(self, verdict: Verdict) -> str:
        """Return what a verdict means."""
        return MEANING_RU[verdict] if self.language == "ru" else MEANING[verdict]

    def place(self, site: Site) -> str:
        """Return a site for reading."""
        if site.others:
            return self.heading("further places")
        return site.words if any(site.names) else self.heading("the whole run")
