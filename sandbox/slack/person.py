"""One person's hands and eyes, for demo and tests."""

from collections.abc import Callable
from typing import Any

from sandbox.slack.blocks.naming import elements
from sandbox.slack.blocks.values import Entered
from sandbox.slack.reading import Names
from sandbox.slack.refused import Json
from sandbox.slack.seen import SeenMessage, SeenModal
from sandbox.slack.visiting import PATIENCE, Visit


class NotAnsweredError(Exception):
    """The app did not answer in time; the person was told so."""


class SlackPerson:
    """Does what the page would do, and sees what the page would show."""

    def __init__(
        self, visit: Visit, id_: str, names: Names, channel_id: Callable[[str], str]
    ) -> None:
        self._visit, self.id, self._names, self._channel_id = visit, id_, names, channel_id

    def post(
        self, channel: str, text: str, *, thread: SeenMessage | None = None, broadcast: bool = False
    ) -> None:
        """Write a message or a reply."""
        body: Json = {"channel": self._channel_id(channel), "text": text, "broadcast": broadcast}
        self._do("post", body | {"thread_ts": thread.ts if thread else None})

    def click(
        self,
        message: SeenMessage,
        action_id: str,
        *,
        block_id: str = "",
        value: object = None,
        values: Entered | None = None,
    ) -> None:
        """Use a button of a message, or choose in a menu (``value``), and wait for the answer."""
        where = {"channel": message.channel, "ts": message.ts}
        self._do("click", where | _act(action_id, block_id, value, values))

    def choose(self, message: SeenMessage, label: str) -> None:
        """Choose in a menu of the message what begins with the label."""
        for block in message.blocks:
            for menu in elements(block):
                for option in menu.get("options", ()):
                    if option["text"]["text"].startswith(label):
                        where, value = block["block_id"], option["value"]
                        self.click(message, menu["action_id"], block_id=where, value=value)
                        return
        raise LookupError(label)

    def click_in(
        self,
        modal: SeenModal,
        action_id: str,
        *,
        block_id: str = "",
        value: object = None,
        values: Entered | None = None,
    ) -> None:
        """Use a button or menu of a modal or of the App Home."""
        self._do("view-action", {"view_id": modal.id} | _act(action_id, block_id, value, values))

    def submit(self, modal: SeenModal, values: Entered | None = None) -> dict[str, str]:
        """Submit a modal with these inputs; return what is wrong with which block."""
        body = {"view_id": modal.id, "values": values or {}}
        return dict(self._do("submit", body)["errors"])

    def close(self, modal: SeenModal, *, everything: bool = False) -> None:
        """Close a modal, or all that are open."""
        self._do("close", {"view_id": modal.id, "everything": everything})

    def command(self, command: str, text: str = "", channel: str = "sg-alerts") -> None:
        """Send a slash command."""
        place = self._channel_id(channel)
        self._do("command", {"command": command, "text": text, "channel": place})

    def shortcut(self, callback_id: str, message: SeenMessage | None = None) -> None:
        """Use a shortcut."""
        where = {"channel": message.channel, "ts": message.ts} if message else {}
        self._do("shortcut", {"callback_id": callback_id, **where})

    def react(self, message: SeenMessage, name: str, *, remove: bool = False) -> None:
        """Add an emoji to a message, or take it back."""
        where = {"channel": message.channel, "ts": message.ts}
        self._do("react", {"name": name, "remove": remove, **where})

    def open_home(self) -> None:
        """Look at the App Home."""
        self._do("home", {})

    def dismiss(self, message: SeenMessage) -> None:
        """Remove an ephemeral message."""
        self._do("dismiss", {"channel": message.channel, "ts": message.ts})

    def ephemerals(self) -> list[SeenMessage]:
        """Return what only this person sees, oldest first."""
        shown = [m for channel in self._sight()["channels"] for m in channel["messages"]]
        private = [SeenMessage.read(m, self._names) for m in shown if m.get("only_for")]
        return sorted(private, key=lambda message: message.ts)

    def modals(self) -> list[SeenModal]:
        """Return the modals that are open, the topmost last."""
        return [SeenModal.read(view, self._names) for view in self._sight()["windows"]]

    def home(self) -> SeenModal | None:
        """Return the App Home, if the app published one."""
        view = self._sight()["home"]
        return SeenModal.read(view, self._names) if view else None

    def wait_ephemeral(
        self, predicate: Callable[[SeenMessage], bool] = lambda _: True, timeout: float = PATIENCE
    ) -> SeenMessage:
        """Return the newest ephemeral message that fits, as soon as there is one."""

        def look() -> SeenMessage | None:
            return next(filter(predicate, reversed(self.ephemerals())), None)

        return self._visit.wait(look, lambda: f"only {self.ephemerals()}", timeout)

    def wait_modal(
        self, predicate: Callable[[SeenModal], bool] = lambda _: True, timeout: float = PATIENCE
    ) -> SeenModal:
        """Return the topmost modal as soon as there is one that fits."""

        def look() -> SeenModal | None:
            modals = self.modals()
            return modals[-1] if modals and predicate(modals[-1]) else None

        return self._visit.wait(look, lambda: f"only {self.modals()}", timeout)

    def wait_no_modal(self, timeout: float = PATIENCE) -> None:
        """Return as soon as no modal is open."""
        self._visit.wait(
            lambda: None if self.modals() else True, lambda: f"still {self.modals()}", timeout
        )

    def wait_home(
        self, predicate: Callable[[SeenModal], bool] = lambda _: True, timeout: float = PATIENCE
    ) -> SeenModal:
        """Return the App Home as soon as it looks as wanted."""

        def look() -> SeenModal | None:
            home = self.home()
            return home if home and predicate(home) else None

        return self._visit.wait(look, lambda: f"only {self.home()}", timeout)

    def _sight(self) -> Json:
        return self._visit.get(f"/person/{self.id}/sight")

    def _do(self, what: str, body: Json) -> Json:
        answer = self._visit.post(f"/person/{self.id}/{what}", body)
        if not answer["answered"]:
            raise NotAnsweredError(what)
        return answer


def _act(action_id: str, block_id: str, value: object, values: Entered | None) -> dict[str, Any]:
    return {"action_id": action_id, "block_id": block_id, "value": value, "values": values or {}}
