"""Posting once: what a chore says of a period, whatever worker does it, and however often."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.slack.messages import Mark, Messages
from bot.slack.views.message import Message
from bot.store.store import Store

NOTHING = "-"
"""In the place of a message's ts, where there was nothing to say."""

Renew = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Once:
    """Posts to a channel. Raises StoreError, SlackError, and LeaseLostError from ``renew``."""

    store: Store
    messages: Messages
    channel: str

    def post(self, name: str, message: Callable[[], Message | None], renew: Renew) -> None:
        """Post what is to be said under this name, unless a worker that died has posted it."""
        kept, mark = self.store.reviews.read(name), Mark(f"review:{name}", 0)
        ts = self.messages.find(self.channel, mark, kept.posting) if kept.posting else None
        if ts is None:
            said = message()
            if said is None:
                self.store.reviews.posted(name, NOTHING)
                return
            self.store.reviews.posting(name, kept.posting or self.store.attention.now())
            renew()
            ts = self.messages.post(self.channel, said.text, said.blocks, mark)
        self.store.reviews.posted(name, ts)
