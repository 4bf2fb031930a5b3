"""Form: where trusted members write of a show; it is checked as they send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.contributions.access import check_is_here, trusted, words_of
from bot.options.parse import read_point, reader_of
from bot.readers.audience import Reader
from bot.ui.cards import ACCENT, answer, notice, safe_line
from bot.ui.errors import Modal, NothingToShow, UserError, View
from bot.ui.text import clip, fitting, has_words, plain, say, spoken
from bot.ui.words import giving_back
from data.contributions.contribution import Kind, Words, Writing
from data.contributions.store import TooManyWaitingError
from data.points import PREMISE, Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.story.story_so_far import StorySoFar


TITLES: dict[Kind, str] = {
    "recap": "A recap",
    "character": "Somebody new",
    "fact": "Something about somebody",
    "alias": "Another name of somebody",
}
RELATION = "What two people are to each other"
TEXT, NAME, ROLE, WHAT, KNOWN = "Text", "Name", "Role", "What is it?", "Known from"
ABOUT, AND = "About {names}", " and "
NEUTRAL = "What happened, in the order it happened; a few sentences."
ROLE_HINT = "One short line, like “a dancer, the wife of the hero”. May be left out."
KNOWN_HINT = "Where viewers learn it, like S1E3 or S1E3@20; no later than you are yourself."
FACTS = {
    "event": "Something that they do, or that happens to them",
    "role": "Who they are",
    "alive": "They are alive",
    "dead": "They are dead",
    "missing": "They are missing",
    "captive": "They are held captive",
    "jailed": "They are in jail",
    "fugitive": "They are on the run",
    "unknown": "Nobody knows how they are",
}

NO_WORDS = "There are no words in that."
BEYOND = "You are at {at} yourself, so you can't say what is known later."
NOT_YET = "### Not taken yet\n{faults}"
FAULT = "- {fault}"
ANEW = "Write it anew"
TAKEN = (
    "Thank you. It waits for a second person, who is as far as you are and approves it with "
    "`/show review`. From then on it is told on this server, and on no other."
)
FULL = "Enough is waiting on this server already. Let somebody review it first: `/show review`."
FULL_OF_YOURS = "Enough of yours is waiting on this server already. Let somebody review it first."

NO_STATUS = {"event", "role"}
LONGEST_NAME, LONGEST_LINE, LONGEST_TEXT, LONGEST_RECAP = 80, 150, 600, 1500  # as in a pack
LONGEST_POINT, LONGEST_HINT = 40, 100
MOST_FAULTS = 1500  # characters of them on one card, beside the words
MINUTES = 14 * 60  # seconds; Discord takes no answer to what was asked 15 minutes ago


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is writing; `point` is of a recap, `known` as they typed it for the rest.

    `at` is how far they were when they began: they may say that they are back before they send it.
    """

    show: str
    kind: Kind
    subject: str | None = None
    point: Point | None = None
    known: str = ""
    at: Point = PREMISE
    words: Words = field(default_factory=Words)

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of whom it is about."""
        ids = () if self.kind == "recap" else (self.subject, self.words.other)
        return tuple(filter(None, ids))


class Form(Modal):
    """What is asked for depends on the kind; what was written before stands in it."""

    def __init__(self, reader: Reader, draft: Draft) -> None:
        is_relation = draft.words.fact == "relation"
        super().__init__(title=RELATION if is_relation else TITLES[draft.kind])
        draft = replace(draft, at=reader.horizon, known=draft.known or reader.story.label)
        self._draft, self._label = draft, reader.story.label
        self._inputs = dict[str, ui.TextInput[Any]]()
        self._what: ui.Select[Any] | None = None
        about = _about(reader.story, draft)
        words = draft.words
        match draft.kind:
            case "recap":
                self._ask("text", TEXT, NEUTRAL, words.text, LONGEST_RECAP, is_long=True)
            case "character":
                self._ask("name", NAME, None, words.name, LONGEST_NAME)
                self._ask("text", ROLE, ROLE_HINT, words.text, LONGEST_LINE, required=False)
            case "fact":
                self._ask("text", TEXT, about, words.text, LONGEST_TEXT, is_long=True)
                if not is_relation:
                    self._ask_what(words.status or words.fact)
            case "alias":
                self._ask("name", NAME, about, words.name, LONGEST_NAME)
        if draft.point is None:
            self._ask("known", KNOWN, KNOWN_HINT, draft.known, LONGEST_POINT)

    def _ask(  # noqa: PLR0913  # one field of a form
        self,
        field: str,
        label: str,
        hint: str | None,
        default: str,
        longest: int,
        *,
        is_long: bool = False,
        required: bool = True,
    ) -> None:
        style = discord.TextStyle.paragraph if is_long else discord.TextStyle.short
        asked = ui.TextInput[Any](
            style=style, default=default or None, required=required, max_length=longest
        )
        self._inputs[field] = asked
        self.add_item(ui.Label(text=label, description=hint, component=asked))

    def _ask_what(self, chosen: str) -> None:
        self._what = ui.Select[Any](
            options=[
                discord.SelectOption(label=label, value=value, default=value == chosen)
                for value, label in FACTS.items()
            ]
        )
        self.add_item(ui.Label(text=WHAT, component=self._what))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        draft = self._filled()
        async with giving_back(interaction, words_of(draft.words) or NO_WORDS, self._label):
            if faults := await _hand_in(interaction, draft):
                view = _Anew(draft, faults, self._label)
                await interaction.response.send_message(view=view, ephemeral=True)
            else:
                await answer(interaction, notice(TAKEN))

    def _filled(self) -> Draft:
        typed = {field: asked.value for field, asked in self._inputs.items()}
        known = typed.pop("known", "")
        words = replace(_unwritten(self._draft), **typed)
        if self._what and self._what.values:
            what = self._what.values[0]
            fact, status = (what, None) if what in NO_STATUS else ("status", what)
            words = replace(words, fact=fact, status=status)
        return replace(self._draft, known=known, words=words)


def _about(story: StorySoFar, draft: Draft) -> str | None:
    """Whom it is about, as the author knows them by now: they may have gone back."""
    names = [person.name for person in map(story.character, draft.people) if person]
    return clip(ABOUT.format(names=AND.join(names)), LONGEST_HINT) if names else None


def _unwritten(draft: Draft) -> Words:
    """No words, but of whom they are to be."""
    return Words(fact="relation", other=draft.words.other) if draft.words.other else Words()


async def _hand_in(interaction: discord.Interaction[Bot], draft: Draft) -> Sequence[str]:
    """Check it as its author may hear of it, who may have gone back; store what has no faults."""
    guild_id, bot = trusted(interaction), interaction.client
    reader = reader_here(interaction, draft.show)
    _check_is_known(reader.story, draft)
    try:
        known = _known(reader, draft)
    except UserError as error:
        return [str(error)]
    if not has_words(draft.words.text or draft.words.name):
        return [NO_WORDS]
    author, at = interaction.user.id, max(draft.at, reader.horizon, key=reader.story.order.rank)
    writing = Writing(guild_id, draft.show, draft.kind, draft.subject, known, author, at)
    faults = await bot.writings.problems(writing, draft.words, reader.horizon)
    if not faults:
        try:
            await bot.writings.save(writing, draft.words, now=now())
        except TooManyWaitingError as error:
            raise UserError(FULL_OF_YOURS if error.is_own else FULL) from None
    return [plain(fault) for fault in faults]


def reader_here(interaction: discord.Interaction[Bot], slug: str) -> Reader:
    check_is_here(interaction, slug)
    return reader_of(interaction, slug)


def _check_is_known(story: StorySoFar, draft: Draft) -> None:
    """Raises `NothingToShow` for what the author does not know, or not any more."""
    if draft.point is not None:
        finished(story, draft.point)
    if None in map(story.character, draft.people):
        raise NothingToShow


def finished(story: StorySoFar, point: Point) -> Point:
    """The end of the episode that a point is in, if it is finished."""
    episode = story.episode(point)
    if episode is None or not episode.finished:
        raise NothingToShow
    return episode.point


def _known(reader: Reader, draft: Draft) -> Point:
    """Raises `UserError` for what is no place in the show, or one that the author is not at."""
    if draft.point is not None:
        return draft.point
    known, order = read_point(reader, draft.known), reader.story.order
    if not order.reached(known, reader.horizon):
        raise UserError(say(BEYOND, at=spoken(reader.story.label)))
    return known


class _Anew(View):
    """What was wrong with it and the words, in memory for as long as they can be sent again."""

    def __init__(self, draft: Draft, faults: Sequence[str], label: str) -> None:
        super().__init__(timeout=MINUTES)
        told = fitting([FAULT.format(fault=fault) for fault in faults], MOST_FAULTS)
        heading = NOT_YET.format(faults="\n".join(told))
        parts: list[ui.Item[Any]] = [ui.TextDisplay(heading)]
        if has_words(words_of(draft.words)):
            parts += [ui.Separator(), ui.TextDisplay(words_of(draft.words))]
        parts.append(ui.TextDisplay(safe_line(label)))
        self.add_item(ui.Container(*parts, accent_colour=ACCENT))
        button = ui.Button[Any](label=ANEW, style=discord.ButtonStyle.primary)

        async def pressed(interaction: discord.Interaction[Bot]) -> None:
            trusted(interaction)
            reader = reader_here(interaction, draft.show)
            _check_is_known(reader.story, draft)
            # Authors are readers too, and may have gone back since they wrote it.
            is_there = reader.story.order.opens(draft.at, reader.horizon)
            again = draft if is_there else replace(draft, words=_unwritten(draft), known="")
            await interaction.response.send_modal(Form(reader, again))

        button.callback = pressed
        self.add_item(ui.ActionRow(button))
