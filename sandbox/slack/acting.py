"""What a person does with the app's messages, views and commands, up to the app's answer."""

from sandbox.slack import payloads
from sandbox.slack.act import UNANSWERED, WELL, Act, Outcome, Shortcut
from sandbox.slack.arguments import Arguments
from sandbox.slack.blocks.checking import check_view
from sandbox.slack.blocks.kinds import MODAL
from sandbox.slack.blocks.values import Entered, state_values, unfit
from sandbox.slack.changes import HomeOpened, Noticed, WindowsChanged
from sandbox.slack.channels import Channel, Message
from sandbox.slack.methods.content import read_content
from sandbox.slack.methods.views import named_view
from sandbox.slack.people import SLACKBOT, Person
from sandbox.slack.refused import Json
from sandbox.slack.responding import IN_CHANNEL, say
from sandbox.slack.shapes import view_json
from sandbox.slack.sockets import NotAnsweredError, Sockets
from sandbox.slack.team import Team
from sandbox.slack.views import View

SILENT = "sgwatch did not answer"


class Acts:
    """Each method is one thing that a person may do; it returns when the app has answered."""

    def __init__(self, team: Team, sockets: Sockets, commands: tuple[str, ...]) -> None:
        self._team, self._sockets, self.commands = team, sockets, commands

    async def act_in_message(
        self, person: Person, channel: Channel, message: Message, act: Act
    ) -> Outcome:
        """Use a button, menu or picker of a message."""
        blocks = [*message.blocks, *(b for a in message.attachments for b in a.get("blocks") or [])]
        action, values = act.on(blocks, self._stamp())
        thread_ts = message.thread_ts if message.is_reply else None
        key = self._team.urls.issue(person.id, channel.id, message.ts, thread_ts)
        place = payloads.in_message(channel, message, values, self._response_url(key))
        return await self._send_action(person, place, action)

    async def act_in_view(self, person: Person, view: View, act: Act) -> Outcome:
        """Use a button, menu or picker of a modal or of the App Home."""
        action, view.values = act.on(view.given["blocks"], self._stamp())
        return await self._send_action(person, payloads.in_view(view), action, view)

    async def submit(self, person: Person, view: View, entered: Entered) -> Outcome:
        """Submit a modal, if Slack's client lets it pass, and do what the app answers."""
        blocks = view.given["blocks"]
        view.values = state_values(blocks, entered)
        problems = unfit(blocks, view.values)
        if problems:
            return Outcome(answered=True, errors=problems)
        trigger_id = self._team.triggers.issue(person.id, view.id)
        payload = payloads.interaction("view_submission", person, trigger_id)
        payload |= {"view": view_json(view), "response_urls": []}
        try:
            answer = await self._sockets.deliver("interactive", payload)
        except NotAnsweredError:
            return self._unanswered(person)
        return self._follow(view, answer)

    async def close(self, person: Person, view: View, *, everything: bool = False) -> Outcome:
        """Close a modal, or all of them; the app hears of those that asked for it."""
        bottom = self._team.views.stack(person.id)[0] if everything else view
        closed = self._team.views.close(bottom)
        self._team.tell(WindowsChanged(person.id))
        for one in closed:
            if one.given.get("notify_on_close"):
                payload = payloads.interaction("view_closed", person, "")
                del payload["trigger_id"]
                payload |= {"view": view_json(one), "is_cleared": everything}
                try:
                    await self._sockets.deliver("interactive", payload)
                except NotAnsweredError:
                    self._unanswered(person)
        return WELL

    async def command(self, person: Person, channel: Channel, name: str, text: str) -> Outcome:
        """Send a slash command; what the app answers is shown in the channel."""
        if name not in self.commands:
            self._slackbot(person, channel, f"`{name}` is not a valid command.")
            return WELL
        trigger_id = self._team.triggers.issue(person.id)
        payload = payloads.command(person, channel, name, text, trigger_id)
        payload["response_url"] = self._response_url(self._team.urls.issue(person.id, channel.id))
        try:
            answer = await self._sockets.deliver("slash_commands", payload)
        except NotAnsweredError:
            failed = f"`{name}` failed with the error `operation_timeout`: {SILENT}."
            self._slackbot(person, channel, failed)
            return self._unanswered(person)
        if answer:
            arguments = Arguments(answer)
            in_channel = arguments.text("response_type") == IN_CHANNEL
            only_for = "" if in_channel else person.id
            say(self._team, channel, read_content(arguments), only_for=only_for)
        return WELL

    async def shortcut(
        self, person: Person, shortcut: Shortcut, place: tuple[Channel, Message] | None
    ) -> Outcome:
        """Use a shortcut, on a message or from anywhere."""
        trigger_id = self._team.triggers.issue(person.id)
        kind = "message_action" if shortcut.on_message else "shortcut"
        payload = payloads.interaction(kind, person, trigger_id)
        payload |= {"callback_id": shortcut.callback_id, "action_ts": self._stamp()}
        if place is not None:
            channel, message = place
            key = self._team.urls.issue(person.id, channel.id, message.ts)
            payload |= payloads.in_message(channel, message, {}, self._response_url(key))
            payload["message_ts"] = message.ts
        return await self._answered(person, payload)

    def open_home(self, person: Person) -> Outcome:
        """Look at the App Home."""
        self._team.tell(HomeOpened(person.id))
        return WELL

    async def _send_action(
        self, person: Person, place: Json, action: Json, view: View | None = None
    ) -> Outcome:
        trigger_id = self._team.triggers.issue(person.id, view.id if view else None)
        payload = payloads.interaction("block_actions", person, trigger_id)
        return await self._answered(person, payload | place | {"actions": [action]})

    async def _answered(self, person: Person, payload: Json) -> Outcome:
        try:
            await self._sockets.deliver("interactive", payload)
        except NotAnsweredError:
            return self._unanswered(person)
        return WELL

    def _follow(self, view: View, answer: Json) -> Outcome:
        """Do what the app answered to a submission; nothing means close this modal."""
        match answer.get("response_action"):
            case "errors":
                return Outcome(answered=True, errors=answer.get("errors") or {})
            case "update":
                given = self._checked(answer)
                self._team.views.update(view, given)
                view.values = state_values(given["blocks"], {})
            case "push":
                given = self._checked(answer)
                pushed = self._team.views.push(view.user, given)
                pushed.values = state_values(given["blocks"], {})
            case "clear":
                self._team.views.close(self._team.views.stack(view.user)[0])
            case _:
                self._team.views.close(view)
        self._team.tell(WindowsChanged(view.user))
        return WELL

    def _checked(self, answer: Json) -> Json:
        return named_view(self._team, check_view(answer.get("view"), MODAL))

    def _unanswered(self, person: Person) -> Outcome:
        self._team.tell(Noticed(person.id, f"{SILENT}. Try again in a moment.", "error"))
        return UNANSWERED

    def _slackbot(self, person: Person, channel: Channel, text: str) -> None:
        ts = self._team.stamps.next()
        self._team.post(channel, Message(ts, SLACKBOT, text, only_for=person.id))

    def _response_url(self, key: str) -> str:
        return f"{self._team.url}/actions/{key}"

    def _stamp(self) -> str:
        return self._team.stamps.next()
