"""The form in which trusted members write about a show; it is checked when they send it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.contributions.access import check_is_here, check_is_trusted, words_of
from bot.options.autocomplete import people_named
from bot.options.parse import read_point, read_reached, reader_of
from bot.readers.audience import Reader
from bot.ui.cards import ACCENT, answer, notice, safe_line
from bot.ui.command_names import Words
from bot.ui.errors import Modal, NothingToShow, UserError, View
from bot.ui.responses import open_form, respond
from bot.ui.text import clip, fitting, has_words, plain, say, spoken
from bot.ui.words import giving_back
from data.contributions.contribution import Contribution, ContributionText, Kind
from data.contributions.store import TooManyWaitingError
from data.points import PREMISE, Point
from data.story.model import Character

if TYPE_CHECKING:
    from bot.context import Bot
    from data.story.story_so_far import StorySoFar


FORM_TITLES: dict[Kind, str] = {
    "recap": "A recap",
    "character": "Somebody new",
    "fact": "Something about somebody",
    "alias": "Another name of somebody",
}
RELATION = ContributionText(fact="relation")
RELATION_TITLE = "What two people are to each other"
EPISODE_LABEL, WHO_LABEL, OTHER_LABEL = "Episode", "Who is it about?", "And who else?"
EPISODE_HINT = "One that you have finished, like S1E3."
WHO_HINT = "A name that you know by now."
TEXT_LABEL, NAME_LABEL, ROLE_LABEL, KIND_LABEL, KNOWN_LABEL = (
    "Text",
    "Name",
    "Role",
    "What is it?",
    "Known from",
)
ABOUT, AND = "About {names}", " and "
RECAP_HINT = "What happened, in that order; a few sentences."
ROLE_HINT = "One short line, like “a dancer, the wife of the hero”. May be left out."
KNOWN_HINT = "Where viewers learn it, like S1E3 or S1E3@20; no later than you are yourself."
FACT_CHOICES = {
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

SAME_PERSON = "These are the same person. Choose somebody else as the second."
SEVERAL_MEANT = "Several people are called that. Write the whole name."
NO_WORDS = "There are no words in that."
POINT_PAST_AUTHOR = "You are at {at} yourself, so you can't say what is known later."
FAULTS_HEADING = "### Not taken yet\n{faults}"
FAULT_LINE = "- {fault}"
EDIT_AGAIN = "Change the words"
CONTRIBUTION_SAVED = (
    "Thank you. It waits for a second person who has watched as far as you and approves it with "
    "`/review`. After that I show it on this server, and on no other."
)
TOO_MANY_WAITING = (
    "Enough is waiting on this server already. Let somebody review it first: `/review`."
)
TOO_MANY_OF_YOURS = (
    "Enough of yours is waiting on this server already. Let somebody review it first."
)

ABOUT_SOMEBODY: Collection[Kind] = {"fact", "alias"}
WORDS = ("text", "name")  # the fields that become a part of what is told
NOT_A_STATUS = {"event", "role"}
LONGEST_NAME_FIELD, LONGEST_LINE_FIELD, LONGEST_TEXT_FIELD, LONGEST_RECAP_FIELD = (
    80,
    150,
    600,
    1500,
)  # as in a pack
LONGEST_POINT_FIELD, LONGEST_HINT = 40, 100
MOST_FAULTS = 1500  # characters for them on one card, beside the words
WRITE_COMMAND = "write"
EDIT_SECONDS = 14 * 60  # Discord takes no answers after 15 minutes


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member is writing; `point` is for a recap, `known` is what they typed for the rest.

    `at` is how far they were when they began; they can go back before they send the form.
    """

    show: str
    kind: Kind
    subject: str | None = None
    point: Point | None = None
    known: str = ""
    at: Point = PREMISE
    words: ContributionText = field(default_factory=ContributionText)

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of the characters that it is about."""
        ids = () if self.kind == "recap" else (self.subject, self.words.other)
        return tuple(filter(None, ids))


class ContributionForm(Modal):
    """The form; its fields depend on the kind, and hold what was written before."""

    def __init__(self, reader: Reader, draft: Draft) -> None:
        is_relation = draft.words.fact == "relation"
        title = RELATION_TITLE if is_relation else FORM_TITLES[draft.kind]
        super().__init__(title=title, command=WRITE_COMMAND)
        draft = replace(draft, at=reader.horizon, known=draft.known or reader.story.label)
        self._draft, self._label = draft, reader.story.label
        self._inputs = dict[str, ui.TextInput[Any]]()
        self._what: ui.Select[Any] | None = None
        about = _about(reader.story, draft)
        words = draft.words
        self._ask_subject(draft)
        match draft.kind:
            case "recap":
                self._ask(
                    "text", TEXT_LABEL, RECAP_HINT, words.text, LONGEST_RECAP_FIELD, is_long=True
                )
            case "character":
                self._ask("name", NAME_LABEL, None, words.name, LONGEST_NAME_FIELD)
                self._ask(
                    "text", ROLE_LABEL, ROLE_HINT, words.text, LONGEST_LINE_FIELD, required=False
                )
            case "fact":
                self._ask("text", TEXT_LABEL, about, words.text, LONGEST_TEXT_FIELD, is_long=True)
                if not is_relation:
                    self._ask_what(words.status or words.fact)
            case "alias":
                self._ask("name", NAME_LABEL, about, words.name, LONGEST_NAME_FIELD)
        if draft.kind != "recap":
            self._ask("known", KNOWN_LABEL, KNOWN_HINT, draft.known, LONGEST_POINT_FIELD)

    def _ask_subject(self, draft: Draft) -> None:
        """Ask for what it is about, where the member has not said so before."""
        if draft.kind == "recap" and draft.point is None:
            self._ask("episode", EPISODE_LABEL, EPISODE_HINT, "", LONGEST_POINT_FIELD)
        if draft.kind in ABOUT_SOMEBODY and draft.subject is None:
            self._ask("who", WHO_LABEL, WHO_HINT, "", LONGEST_NAME_FIELD)
        if draft.words.fact == "relation" and not draft.words.other:
            self._ask("other", OTHER_LABEL, WHO_HINT, "", LONGEST_NAME_FIELD)

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
                for value, label in FACT_CHOICES.items()
            ]
        )
        self.add_item(ui.Label(text=KIND_LABEL, component=self._what))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        draft = self._filled()
        async with giving_back(interaction, words_of(draft.words) or NO_WORDS, self._label):
            check_is_trusted(interaction)
            draft = self._meant(reader_here(interaction, draft.show).story, draft)
            if faults := await _hand_in(interaction, draft):
                view = _FaultsView(draft, faults, self._label)
                await respond(interaction, view)
            else:
                await answer(interaction, notice(CONTRIBUTION_SAVED))

    def _filled(self) -> Draft:
        typed = {name: self._typed(name) or "" for name in WORDS if name in self._inputs}
        known = self._typed("known") or ""
        words = replace(_empty_text(self._draft), **typed)
        if self._what and self._what.values:
            what = self._what.values[0]
            fact, status = (what, None) if what in NOT_A_STATUS else ("status", what)
            words = replace(words, fact=fact, status=status)
        return replace(self._draft, known=known, words=words)

    def _meant(self, story: StorySoFar, draft: Draft) -> Draft:
        """The draft with what it is about. Raises `UserError` for what the author does not know."""
        episode, who, other = map(self._typed, ("episode", "who", "other"))
        if episode is not None:
            point = finished(story, read_reached(story, episode))
            return replace(draft, subject=point.episode, point=point)
        if who is not None and other is not None:
            return between(story, draft, who, other)
        return draft if who is None else replace(draft, subject=person_named(story, who).id)

    def _typed(self, field: str) -> str | None:
        """What was typed in a field; None if it was not asked."""
        return self._inputs[field].value if field in self._inputs else None


def person_named(story: StorySoFar, typed: str) -> Character:
    """The character with a typed name, among those that the author knows. Raises `UserError`."""
    known = (story.character(id) for id in people_named(story, typed))
    found = [person for person in known if person is not None]
    if not found:
        raise NothingToShow
    if len(found) > 1:
        raise UserError(SEVERAL_MEANT)
    return found[0]


def between(story: StorySoFar, draft: Draft, typed: str, other: str) -> Draft:
    """The draft, about what two people are to each other. Raises `UserError`."""
    one, two = person_named(story, typed), person_named(story, other)
    if one.id == two.id:
        raise UserError(SAME_PERSON)
    return replace(draft, subject=one.id, words=replace(draft.words, fact="relation", other=two.id))


def _about(story: StorySoFar, draft: Draft) -> str | None:
    """The characters that it is about, by the names that the author knows now."""
    names = [person.name for person in map(story.character, draft.people) if person]
    return clip(ABOUT.format(names=AND.join(names)), LONGEST_HINT) if names else None


def _empty_text(draft: Draft) -> ContributionText:
    """A text without words; a relation keeps its second character."""
    return (
        replace(RELATION, other=draft.words.other)
        if draft.words.fact == "relation"
        else ContributionText()
    )


async def _hand_in(interaction: discord.Interaction[Bot], draft: Draft) -> Sequence[str]:
    """Check a draft at the author's horizon, and store it; returns the faults if there are any."""
    guild_id, bot = check_is_trusted(interaction), interaction.client
    reader = reader_here(interaction, draft.show)
    _check_is_known(reader.story, draft)
    try:
        known = _known(reader, draft)
    except UserError as error:
        return [str(error)]
    if not has_words(draft.words.text or draft.words.name):
        return [NO_WORDS]
    author, at = interaction.user.id, max(draft.at, reader.horizon, key=reader.story.order.rank)
    contribution = Contribution(guild_id, draft.show, draft.kind, draft.subject, known, author, at)
    faults = await bot.contributions.problems(contribution, draft.words, reader.horizon)
    if not faults:
        try:
            await bot.contributions.save(contribution, draft.words, now=now())
        except TooManyWaitingError as error:
            raise UserError(TOO_MANY_OF_YOURS if error.is_own else TOO_MANY_WAITING) from None
    return [plain(fault) for fault in faults]


def reader_here(interaction: discord.Interaction[Bot], slug: str) -> Reader:
    check_is_here(interaction, slug)
    return reader_of(interaction, slug)


def _check_is_known(story: StorySoFar, draft: Draft) -> None:
    """Raises `NothingToShow` if the draft is about something that the author does not know."""
    if draft.point is not None:
        finished(story, draft.point)
    if None in map(story.character, draft.people):
        raise NothingToShow


def finished(story: StorySoFar, point: Point) -> Point:
    """The end of the episode at a point. Raises `NothingToShow` if it is not finished."""
    episode = story.episode(point)
    if episode is None or not episode.finished:
        raise NothingToShow
    return episode.point


def _known(reader: Reader, draft: Draft) -> Point:
    """The point from which it is known. Raises `UserError` if it is invalid or past the author."""
    if draft.point is not None:
        return draft.point
    known, order = read_point(reader, draft.known), reader.story.order
    if not order.reached(known, reader.horizon):
        raise UserError(say(POINT_PAST_AUTHOR, at=spoken(reader.story.label)))
    return known


class _FaultsView(View):
    """The faults and the words, kept in memory for as long as they can be sent again."""

    opens_form = True

    def __init__(self, draft: Draft, faults: Sequence[str], label: str) -> None:
        super().__init__(command=WRITE_COMMAND, timeout=EDIT_SECONDS)
        lines = fitting([FAULT_LINE.format(fault=fault) for fault in faults], MOST_FAULTS)
        heading = FAULTS_HEADING.format(faults="\n".join(lines))
        parts: list[ui.Item[Any]] = [ui.TextDisplay(heading)]
        if has_words(words_of(draft.words)):
            parts += [ui.Separator(), Words(words_of(draft.words))]
        parts.append(ui.TextDisplay(safe_line(label)))
        self.add_item(ui.Container(*parts, accent_colour=ACCENT))
        button = ui.Button[Any](label=EDIT_AGAIN, style=discord.ButtonStyle.primary)

        async def pressed(interaction: discord.Interaction[Bot]) -> None:
            check_is_trusted(interaction)
            reader = reader_here(interaction, draft.show)
            _check_is_known(reader.story, draft)
            # Authors are readers too, and may have gone back in the meantime.
            is_there = reader.story.order.opens(draft.at, reader.horizon)
            again = draft if is_there else replace(draft, words=_empty_text(draft), known="")
            await open_form(interaction, ContributionForm(reader, again))

        button.callback = pressed
        self.add_item(ui.ActionRow(button))
