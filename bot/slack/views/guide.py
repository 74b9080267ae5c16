"""The guide: what the detections of an alert say about it, one on each page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, DividerBlock

from bot.alerts.alert import Alert
from bot.alerts.sighting import DetectionRef
from bot.detections.conditions import counts, excepted, new
from bot.detections.rule import Detection, Tactic
from bot.slack.views.blocks import Json, button, buttons, code_sections, context, modal, section
from bot.slack.views.headline import LIGHTS
from bot.slack.views.markdown import PIECE, line, pieces
from bot.slack.views.mrkdwn import bold, code, escape, line_of_code, link
from bot.slack.views.names import Action
from bot.slack.views.refs import PageRef

TITLE = "Guide"

DESCRIPTION, NOTE, SETUP, QUERY = 2_000, 14_000, 3_000, 2_500
"""Characters of each that are shown: together they fit Slack's 250 KB, whatever the script."""

LINES, LINE = 10, 300
"""Lines of a list, and characters of each."""

Find = Callable[[str], Detection | None]
"""Looks up a detection that runs now, by its id."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A detection as it was named when it matched, and what runs under its id now."""

    ref: DetectionRef
    detection: Detection | None


def matched(alert: Alert, find: Find) -> list[Matched]:
    """Return the alert's detections, the gravest first, those that no longer run last."""
    found = [Matched(ref, find(ref.id)) for ref in alert.detections]
    return sorted(found, key=lambda m: -m.detection.severity.rank if m.detection else 1)


def guide(alert: Alert, found: Sequence[Matched], page: int = 0) -> Json:
    """Return the page about one of the alert's detections, the last if there are not so many."""
    if not found:
        return modal(TITLE, [section("No detection is named on this alert.")])
    page = min(page, len(found) - 1)
    shown = found[page]
    about = _gone(shown.ref) if shown.detection is None else _about(shown.detection)
    return modal(TITLE, [*_pages(alert.id, found, page), *about])


def _pages(alert_id: str, found: Sequence[Matched], page: int) -> list[Block]:
    """Return what turns the pages, if there are several."""
    if len(found) == 1:
        return []
    others = [escape(m.ref.name, 80) for place, m in enumerate(found) if place != page]
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    where = f"Detection {page + 1} of {len(found)} on this alert. Also: {', '.join(others[:3])}"
    row = []
    if page > 0:
        row.append(button("Previous", Action.GUIDE_BACK, PageRef(alert_id, page - 1)))
    if page < len(found) - 1:
        row.append(button("Next", Action.GUIDE_ON, PageRef(alert_id, page + 1)))
    return [context(where + more), buttons(row)]


def _gone(ref: DetectionRef) -> list[Block]:
    text = (
        f"{bold(escape(ref.name))}\n⚠️ This detection no longer runs: no rule file that is loaded "
        f"has the id {code(ref.id)}. What it said cannot be shown."
    )
    return [section(text)]


def _about(rule: Detection) -> list[Block]:
    graded = f"{LIGHTS[rule.severity]} {bold(rule.severity.value.upper())}"
    needed = [f"Needs {escape(each, LINE)}" for each in (counts(rule), new(rule)) if each]
    graded += f" · risk score {rule.risk_score} of 100"
    head = "\n".join([bold(escape(rule.name)), graded, *needed])
    return [
        section(head),
        *_text("", rule.description, DESCRIPTION, rule.path),
        *_list("MITRE ATT&CK", map(_tactic, rule.tactics)),
        *_list("False positives", (line(text, LINE) for text in rule.false_positives)),
        *_note(rule),
        *_text("Setup", rule.setup, SETUP, rule.path),
        *_list("References", map(link, rule.references)),
        *_query(rule),
        *_file(rule),
    ]


def _note(rule: Detection) -> list[Block]:
    """Return the investigation guide, parted from what is before it and after it."""
    if not rule.note.strip():
        return [DividerBlock()]
    titled = rule.note.lstrip().startswith("#")
    told = _text("" if titled else "Guide", rule.note, NOTE, rule.path)
    return [DividerBlock(), *told, DividerBlock()]


def _text(title: str, text: str, room: int, path: str) -> list[Block]:
    """Return a text of the rule file, or as much of it as there is room for."""
    shown, cut = [bold(title)] if title and text else [], len(text) > room
    for piece in pieces(text[:room]):
        room -= len(piece)
        if room < 0:
            cut = True
            break
        shown.append(piece)
    blocks: list[Block] = [section(part) for part in _packed(shown)]
    if cut:
        blocks.append(context(f"✂️ Cut here. All of it is in {code(path) or 'the rule file'}."))
    return blocks


def _packed(shown: Iterable[str]) -> Iterator[str]:
    """Yield a title together with the piece that it is the title of, where both fit."""
    held = ""
    for part in shown:
        if held and len(held) + len(part) < PIECE:
            held = f"{held}\n{part}"
            continue
        if held:
            yield held
        held = part
    if held:
        yield held


def _list(title: str, lines: Iterable[str]) -> list[Block]:
    listed = [*filter(None, lines)]
    kept: list[str] = []
    for each in listed[:LINES]:
        if sum(map(len, kept)) + len(each) < PIECE - LINE:
            kept.append(f"• {each}")
    if not kept:
        return []
    if len(listed) > len(kept):
        kept.append(f"• … and {len(listed) - len(kept)} more")
    return [section("\n".join([bold(escape(title)), *kept]))]


def _tactic(tactic: Tactic) -> str:
    """Return a tactic and its techniques, each as a link to what MITRE says of it."""
    named = [link(t.reference, _named(t.id, t.name)) for t in tactic.techniques[:5]]
    more = [f"{len(tactic.techniques) - 5} more"] if len(tactic.techniques) > 5 else []
    under = f": {', '.join([*named, *more])}" if named else ""
    return link(tactic.reference, _named(tactic.id, tactic.name)) + under


def _named(mitre_id: str, name: str) -> str:
    return f"{mitre_id} {name}"


def _query(rule: Detection) -> list[Block]:
    lines = [line_of_code(line) for line in rule.query[:QUERY].splitlines() if line.strip()]
    cut = ["…"] if len(rule.query) > QUERY else []
    if not lines:
        return []
    except_for = [code(each, LINE) for each in excepted(rule)]
    return [
        section(bold("Query")),
        *code_sections([*lines, *cut]),
        *_list("Except", except_for),
    ]


def _file(rule: Detection) -> list[Block]:
    parts = [f"Rule {code(rule.id)}", f"in {code(rule.path)}" if rule.path else ""]
    parts.append(f"tags: {escape(', '.join(rule.tags), LINE)}" if rule.tags else "")
    return [context(" · ".join(filter(None, parts)))]
