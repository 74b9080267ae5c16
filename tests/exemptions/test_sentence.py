"""The sentence of ``/sgwatch exempt``."""

from datetime import timedelta

import pytest

from bot.exemptions.model import PortRange, Scope
from bot.exemptions.sentence import Sentence, parse_sentence, pointed
from bot.exemptions.text import ScopeTextError

WHO = "arn:aws:iam::123456789012:role/ci"
SCOPE = Scope(principals=(WHO,), accounts=("123456789012",), ports=(PortRange("tcp", 443, 443),))
WRITTEN = "principal=role/ci account=123456789012 ports=443"
MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", Sentence(Scope()), id="nothing"),
        pytest.param(WRITTEN, Sentence(SCOPE), id="a scope alone"),
        pytest.param(
            f'{WRITTEN} for 30d because "CHG-1 rollout"',
            Sentence(SCOPE, MONTH, "CHG-1 rollout"),
            id="all",
        ),
        pytest.param(
            f'for 30 days because "for 2w, because" {WRITTEN}',
            Sentence(SCOPE, MONTH, "for 2w, because"),
            id="in another order",
        ),
        pytest.param(
            f"{WRITTEN} FOR 30d BECAUSE “say \\“why\\”” —dry-run –allow-world",  # noqa: RUF001
            Sentence(SCOPE, MONTH, 'say "why"', allow_world=True, dry_run=True),
            id="as a telephone writes it",
        ),
        pytest.param(
            f'{WRITTEN} for ever because "x y"',
            Sentence(SCOPE, None, "x y", forever=True),
            id="for ever",
        ),
        pytest.param(
            f'{WRITTEN} forever because "x y"',
            Sentence(SCOPE, None, "x y", forever=True),
            id="forever",
        ),
        pytest.param(
            'action="for because --dry-run"',
            Sentence(Scope(actions=("for because --dry-run",))),
            id="words of the sentence inside a value",
        ),
    ],
)
def test_a_sentence_is_read(text: str, sentence: Sentence) -> None:
    assert parse_sentence(text) == sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(f"{WRITTEN} for", "“for”: write how long", id="no duration"),
        pytest.param(f"{WRITTEN} for 3d forever", "say once how long", id="two durations"),
        pytest.param(f"{WRITTEN} for soon", "“soon”: write how long", id="no such duration"),
        pytest.param(f"{WRITTEN} because CHG-1", "“CHG-1”: write why, in quotes", id="no quotes"),
        pytest.param(f"{WRITTEN} because", "“because”: write why", id="no reason"),
        pytest.param(f"{WRITTEN} --dryrun", "did you mean --dry-run?", id="a flag"),
        pytest.param("prinicpal=role/ci", "did you mean principal?", id="a clause"),
        pytest.param(f'{WRITTEN} because "CHG', "not closed", id="an open quote"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, said: str) -> None:
    with pytest.raises(ScopeTextError) as refused:
        parse_sentence(text)
    assert said in str(refused.value)
    line, caret = pointed(text, refused.value)
    assert line[caret.index("^") :].startswith(refused.value.word)


@pytest.mark.parametrize(
    ("text", "line", "caret"),
    [
        pytest.param("prots=443 group=sg-1", "prots=443 group=sg-1", "^", id="the first word"),
        pytest.param(
            "for 30 days  group=sg-1   prots=443",
            "for 30 days  group=sg-1   prots=443",
            "                          ^",
            id="after words of another kind, and more spaces than are needed",
        ),
        pytest.param(
            f"group=sg-1,{'sg-2,' * 20}web because “x”",
            f"…{'sg-2,' * 6}web because “x”",
            f"{' ' * 31}^",
            id="a value far within",
        ),
    ],
)
def test_a_caret_stands_under_the_word(text: str, line: str, caret: str) -> None:
    with pytest.raises(ScopeTextError) as refused:
        parse_sentence(text)
    assert pointed(text, refused.value) == (line, caret)
