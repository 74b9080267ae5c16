"""The picture in the digest: a bar for each severity, in pieces by outcome. Words say the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH, BAR, GAP, LEFT, RIGHT = 720, 44, 22, 120, 70
TOP, LINE = 70, 34
"""Where the legend begins, and how high a line of it is."""

INK, PAPER, PALE = "#1d1c1d", "#ffffff", "#616061"
COLOURS = ("#d55e00", "#e69f00", "#009e73", "#56b4e9", "#0072b2", "#cc79a7", "#999999")
"""Told apart by the colour-blind too (Okabe and Ito)."""


@dataclass(frozen=True, slots=True)
class Bars:
    """``rows`` are the bars from the top, each with how many there are of which piece."""

    title: str
    rows: Sequence[tuple[str, Mapping[str, int]]]
    pieces: Sequence[str]

    @property
    def words(self) -> str:
        """Return the same in words, for who cannot see it."""
        told = (
            f"{name}: {', '.join(f'{number} {piece}' for piece, number in of.items() if number)}"
            for name, of in self.rows
            if any(of.values())
        )
        return f"{self.title}. {'; '.join(told)}."


def plot(bars: Bars) -> bytes:
    """Return the picture as PNG."""
    large, small = ImageFont.load_default(27), ImageFont.load_default(23)
    legend = list(_legend(bars.pieces, small.getlength))
    first = max((top for *_, top in legend), default=TOP) + LINE + GAP
    height = first + len(bars.rows) * (BAR + GAP)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((GAP, GAP), bars.title, INK, large)
    colours = {piece: COLOURS[n % len(COLOURS)] for n, piece in enumerate(bars.pieces)}
    for piece, left, top in legend:
        draw.rectangle((left, top + 3, left + 18, top + 21), colours[piece])
        draw.text((left + 26, top + 12), piece, PALE, small, anchor="lm")
    most = max((sum(of.values()) for _, of in bars.rows), default=0) or 1
    for n, (name, of) in enumerate(bars.rows):
        top = first + n * (BAR + GAP)
        draw.text((GAP, top + BAR / 2), name, INK, small, anchor="lm")
        at = float(LEFT)
        for piece in bars.pieces:
            wide = of.get(piece, 0) * (WIDTH - LEFT - RIGHT) / most
            if wide:
                draw.rectangle((at, top, at + wide, top + BAR), colours[piece], PAPER)
            at += wide
        draw.text((at + 10, top + BAR / 2), str(sum(of.values())), INK, small, anchor="lm")
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _legend(
    pieces: Sequence[str], width: Callable[[str], float]
) -> Iterator[tuple[str, float, int]]:
    """Yield each piece with where its mark and word stand, in as many lines as it takes."""
    left, top = float(GAP), TOP
    for piece in pieces:
        long = 26 + width(piece) + GAP
        if left + long > WIDTH and left > GAP:
            left, top = float(GAP), top + LINE
        yield piece, left, top
        left += long
