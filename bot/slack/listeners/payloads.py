"""What Slack sends us, as typed values. Raises ValidationError or StaleRefError where it is not."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from bot.slack.views.blocks import FILLED, VALUE
from bot.slack.views.refs import (
    AlertRef,
    AsideRef,
    ChangesRef,
    ExemptionRef,
    FormRef,
    MenuRef,
    OfferRef,
    PageRef,
    PlanRef,
    RowRef,
    StormRef,
    read_ref,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a form about which alert, and the trigger that may open it."""

    alert: str
    user: str
    trigger: str


class _Payload(BaseModel):
    """Errors do not repeat what Slack sent: it is never logged."""

    model_config = ConfigDict(hide_input_in_errors=True)


class _User(_Payload):
    id: str


class _Place(_Payload):
    channel_id: str = ""
    thread_ts: str | None = None


class _Option(_Payload):
    value: str


class _Pressed(_Payload):
    value: str = ""
    selected_option: _Option | None = None

    @property
    def carried(self) -> str:
        return self.selected_option.value if self.selected_option else self.value


def _carried(actions: list[_Pressed]) -> str:
    return actions[0].carried if actions else ""


class _Field(_Payload):
    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] = Field(default_factory=list)


class _State(_Payload):
    values: dict[str, dict[str, _Field]] = Field(default_factory=dict)


class _View(_Payload):
    id: str
    private_metadata: str = ""
    state: _State = Field(default_factory=_State)


class Click(_Payload):
    """A pressed button: by whom, where, and the trigger that may open a modal."""

    user: _User
    container: _Place = Field(default_factory=_Place)
    trigger_id: str = ""
    actions: list[_Pressed] = Field(default_factory=list)

    @property
    def ref(self) -> AlertRef:
        """The alert that the button is about."""
        return read_ref(AlertRef, _carried(self.actions))

    @property
    def menu(self) -> MenuRef:
        """What was chosen in an alert's menu."""
        return read_ref(MenuRef, _carried(self.actions))

    @property
    def storm(self) -> StormRef:
        """The storm that the button is about."""
        return read_ref(StormRef, _carried(self.actions))

    @property
    def exemption(self) -> ExemptionRef:
        """The exemption that the button is about."""
        return read_ref(ExemptionRef, _carried(self.actions))

    @property
    def asked(self) -> Asked:
        """The form that the button asks for."""
        return Asked(self.ref.alert, self.user.id, self.trigger_id)


class Sent(_Payload):
    """A submitted form: by whom, and what was typed and chosen."""

    user: _User
    view: _View

    @property
    def ref(self) -> FormRef:
        """What the form was about."""
        return read_ref(FormRef, self.view.private_metadata)

    @property
    def exemption(self) -> ExemptionRef:
        """The exemption that the form was about."""
        return read_ref(ExemptionRef, self.view.private_metadata)

    @property
    def planned(self) -> PlanRef:
        """What the form's plan was made for."""
        return read_ref(PlanRef, self.view.private_metadata)

    def text(self, name: str) -> str:
        """Return what was typed in a field; empty where nothing was, or there is no such field."""
        return (self._field(name).value or "").strip()

    def choice(self, name: str) -> str:
        """Return what was chosen, or empty text."""
        option = self._field(name).selected_option
        return option.value if option else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return all that was chosen or ticked."""
        return tuple(option.value for option in self._field(name).selected_options)

    def ticked(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return bool(self._field(name).selected_options)

    def block(self, name: str) -> str:
        """Return the block that a field stands in: of one filled anew, it is another."""
        known = self.view.state.values
        return next((block for block in known if block.partition(FILLED)[0] == name), name)

    @property
    def filled(self) -> int:
        """Return how often fields of the form were filled anew."""
        counts = (block.partition(FILLED)[2] for block in self.view.state.values)
        return max((int(count) for count in counts if count.isdecimal()), default=0)

    def _field(self, name: str) -> _Field:
        return self.view.state.values.get(self.block(name), {}).get(VALUE, _Field())


class Turned(_Payload):
    """A button pressed in a modal that turns its page."""

    user: _User
    view: _View
    actions: list[_Pressed] = Field(default_factory=list)

    @property
    def ref(self) -> PageRef:
        """The page to turn to."""
        return read_ref(PageRef, _carried(self.actions))

    @property
    def changes(self) -> ChangesRef:
        """The page of an alert's changes."""
        return read_ref(ChangesRef, _carried(self.actions))

    @property
    def storm(self) -> StormRef:
        """The page of a storm's list."""
        return read_ref(StormRef, _carried(self.actions))

    @property
    def aside(self) -> AsideRef:
        """The page of the alerts in the digest."""
        return read_ref(AsideRef, _carried(self.actions))

    @property
    def row(self) -> RowRef:
        """The alert on a page of a storm's list."""
        return read_ref(RowRef, _carried(self.actions))


class Chosen(Sent):
    """A button pressed beside one of the scopes that a form offers, and what stands in it."""

    actions: list[_Pressed] = Field(default_factory=list)

    @property
    def offer(self) -> int:
        """Return which one was chosen, from 0."""
        return read_ref(OfferRef, _carried(self.actions)).offer


class Typed(_Payload):
    """A typed slash command."""

    user_id: str
    channel_id: str = ""
    trigger_id: str = ""
    text: str = ""


class _Opened(_Payload):
    user: str
    tab: str = ""


class HomeOpened(_Payload):
    """Somebody opened the App Home."""

    event: _Opened
