"""The Reveal button: the words for readers who are there, and a choice for all others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.discord_api.permissions import check_not_timed_out
from bot.lookups.answer import LookupButton
from bot.progress.update import is_out, question
from bot.readers.audience import Reader
from bot.spoilers.files import STUB_KEY_LOST, attached_to
from bot.ui.buttons import StatelessButton, id_of, item_from
from bot.ui.cards import Card, answer, notice, private, quoted
from bot.ui.confirm import AskingButton
from bot.ui.errors import UserError
from bot.ui.mentions import mention_of
from bot.ui.text import say, spoken
from bot.ui.words import tell_words
from data.spoilers.store import COVER, DRAFT, POSTED, POSTING, STANDING, Content, Stub

if TYPE_CHECKING:
    from bot.context import Bot


STUB_GONE = "That spoiler is gone: it was taken down, or it has expired."
STUB_WITHOUT_SHOW = (
    "I don't have that show any more, so I can't tell who may read this. It stays sealed."
)
STUB_WROTE = "{who} wrote, about **{show}** through **{label}**:"
STUB_PEEKED = "{who} wrote, about **{show}** through **{label}** (you are still at {at}):"
STUB_WITHOUT_WORDS = "{who} wrote nothing, but attached this, about **{show}** through **{label}**:"
STUB_ATTACHED = "Attached, about **{show}** through **{label}**:"
STUB_NOT_REACHED = (
    "This is sealed through **{label}** of {show}. You are at {at}, so I keep it shut. "
    "You can read it once you are there."
)
REACHED_LABEL = "I've watched {label}"
TELL_ME_LABEL, STOP_KEEPING_LABEL, PEEK_LABEL = (
    "Tell me when I get there",
    "Stop keeping it",
    "Peek once",
)
KEEPING_STOPPED = "I no longer keep that one for you. It stays in its channel."
KEPT_FOR_YOU = (
    "I'll keep it for you. When you tell me that you have watched **{label}** of {show}, I "
    "remind you of it. `/inbox` lists all you keep."
)
REALLY_PEEK = (
    "This may tell you anything about {show} through **{label}**. You are at {at}, "
    "and stay there. Show it all the same?"
)
YES_PEEK_LABEL = "Yes, show me once"


async def find_stub(
    interaction: discord.Interaction[Bot], part: str
) -> tuple[Stub, Content | None]:
    """The stub of a button in this channel, and its content, which is None if the key is gone.

    `part` may be forged: a stub of another channel is refused like one that does not exist. Raises
    the same `UserError` for both.
    """
    check_not_timed_out(interaction)
    found = await interaction.client.stubs.read(id_of(part))
    if found is None or found[0].channel_id != interaction.channel_id or found[0].state == DRAFT:
        raise UserError(STUB_GONE)
    if not interaction.permissions.view_channel:  # the member lost access meanwhile
        raise UserError(STUB_GONE)
    return await _note_posted(interaction, found[0]), found[1]


async def _note_posted(interaction: discord.Interaction[Bot], stub: Stub) -> Stub:
    """Stores the pressed message of a stub that a crash left POSTING."""
    pressed = interaction.message
    if stub.state != POSTING or pressed is None or pressed.flags.ephemeral:
        return stub
    state = STANDING if stub.kind == COVER else POSTED
    await interaction.client.stubs.mark_posted(stub.id, pressed.id, state, now=now())
    return stub


def stub_in_words(bot: Bot, stub: Stub) -> tuple[str, str]:
    """The title of a stub's show and the label of its point, as sentences use them."""
    title, label = bot.library.in_words(stub.show, stub.point)
    return title, spoken(label)


def reader_of_stub(interaction: discord.Interaction[Bot], stub: Stub) -> tuple[Reader, bool]:
    """The member as a reader of the stub's show, and whether the stub opens for them.

    Raises `UserError` if the show is gone, as nobody can say then who has watched it.
    """
    bot = interaction.client
    if bot.library.get(stub.show) is None:
        raise UserError(STUB_WITHOUT_SHOW)
    reader = bot.audience.reader(interaction, stub.show)
    return reader, reader.story.order.opens(stub.point, reader.horizon)


class Reveal(StatelessButton, code="r"):
    """Open a stub for a reader who is there; others get a choice."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, content = await find_stub(interaction, part)
        reader, is_open = reader_of_stub(interaction, stub)
        if is_open:
            await open_stub(interaction, stub, content, reader)
        else:
            await answer(interaction, await self.closed(interaction, stub, reader))

    async def closed(
        self, interaction: discord.Interaction[Bot], stub: Stub, reader: Reader
    ) -> Card:
        is_kept = await interaction.client.stubs.is_kept(interaction.user.id, stub.id)
        return _closed_card(stub, reader, is_kept=is_kept)


class Reached(Reveal, code="a"):
    """Say that one has watched that far; asks first, because it opens more than this stub."""

    async def closed(
        self, interaction: discord.Interaction[Bot], stub: Stub, reader: Reader
    ) -> Card:
        return question(reader, stub.point, (Reveal.code, str(stub.id)))


class TellMe(StatelessButton, code="q"):
    """Put a stub into this member's inbox until they get there."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await find_stub(interaction, part)
        reader, _ = reader_of_stub(interaction, stub)
        if not await interaction.client.stubs.keep(interaction.user.id, stub.id, now=now()):
            raise UserError(STUB_GONE)
        await answer(interaction, notice(say(KEPT_FOR_YOU, **stub_fields(stub, reader))))


class StopKeeping(StatelessButton, code="qq"):
    """Take a stub out of this member's inbox."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await find_stub(interaction, part)
        await interaction.client.stubs.stop_keeping(interaction.user.id, stub.id)
        await answer(interaction, notice(KEEPING_STOPPED))


class Peek(AskingButton, code="p", yes_code="z"):
    """Read a stub without having watched that far; asks first."""

    yes = YES_PEEK_LABEL

    async def question(self, interaction: discord.Interaction[Bot]) -> Card:
        (part,) = self.parts
        stub, _ = await find_stub(interaction, part)
        reader, _ = reader_of_stub(interaction, stub)
        body = say(REALLY_PEEK, **stub_fields(stub, reader))
        return self.asked(body, label=reader.story.label)

    async def act(self, interaction: discord.Interaction[Bot]) -> None:
        """Yes, show it once; the member's progress stays the same."""
        (part,) = self.parts
        stub, content = await find_stub(interaction, part)
        reader, is_open = reader_of_stub(interaction, stub)
        await open_stub(interaction, stub, content, reader, is_peek=not is_open)


def _closed_card(stub: Stub, reader: Reader, *, is_kept: bool) -> Card:
    order, part = reader.story.order, str(stub.id)
    named = stub_fields(stub, reader)
    buttons = list[ui.Item[Any]]()
    if stub.point in order and is_out(order, stub.point):
        buttons.append(Reached(part, label=REACHED_LABEL.format(label=named["label"])))
    keep = (
        StopKeeping(part, label=STOP_KEEPING_LABEL)
        if is_kept
        else TellMe(part, label=TELL_ME_LABEL)
    )
    buttons += [keep, Peek(part, label=PEEK_LABEL)]
    return private(say(STUB_NOT_REACHED, **named), label=reader.story.label, rows=[buttons])


def stub_fields(stub: Stub, reader: Reader) -> dict[str, object]:
    """The fields of the sentences about a stub and its reader."""
    order = reader.story.order
    return {
        "label": spoken(order.label(stub.point)),
        "show": reader.show.title,
        "who": mention_of(stub.author_id),
        "at": spoken(order.label(reader.horizon)),
    }


async def open_stub(
    interaction: discord.Interaction[Bot],
    stub: Stub,
    content: Content | None,
    reader: Reader,
    *,
    is_peek: bool = False,
) -> None:
    """Shows the member the content of a stub.

    The caller has checked that they may read it, or confirmed that they want to peek. Raises
    `UserError` if the key is gone.
    """
    if content is None:
        raise UserError(STUB_KEY_LOST)
    # A shared answer is made anew at the reader's own progress, so that it never shows facts which
    # were taken back.
    shared = item_from(content.lookup) if content.lookup else None
    if isinstance(shared, LookupButton) and is_peek:
        there = interaction.client.audience.peeking(reader, stub.point)
        content = replace(content, text=shared.told(interaction, there))
    if shared and not is_peek:
        await shared.press(interaction)
    else:
        await _send_content(interaction, stub, content, reader, is_peek=is_peek)
    if not is_peek:
        await interaction.client.stubs.stop_keeping(interaction.user.id, stub.id)


async def _send_content(
    interaction: discord.Interaction[Bot],
    stub: Stub,
    content: Content,
    reader: Reader,
    *,
    is_peek: bool,
) -> None:
    """Sends the words, then the files as soon as there is memory for them."""
    named = stub_fields(stub, reader)
    label = reader.story.order.label(stub.point)
    heading = say(
        STUB_PEEKED if is_peek else STUB_WROTE if content.text else STUB_WITHOUT_WORDS, **named
    )
    await tell_words(interaction, heading, content.text, label)
    if content.files:
        async with attached_to(interaction.client, stub) as attached:
            card = quoted(say(STUB_ATTACHED, **named), "", label=label, parts=attached.parts)
            await interaction.followup.send(view=card, files=attached.uploads, ephemeral=True)
