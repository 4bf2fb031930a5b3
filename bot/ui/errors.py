"""Errors: what the person and the log are told; base classes whose errors end in `report`."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from typing import Any, Self

import aiohttp
import discord
from discord import app_commands

from bot.ui.cards import Row, answer, refusal
from bot.ui.command_names import Layout
from bot.ui.custom_ids import IN_MEMORY, decode, in_memory
from bot.ui.measured import measured, note
from bot.ui.renamed_commands import renamed
from bot.ui.responses import watch
from bot.ui.text import say
from data.storage.errors import DatabaseError

log = logging.getLogger(__name__)

MISSING_PERMISSIONS = "You need {permissions} here to do that."
NOT_ALLOWED = "You can't use that command here."
FORBIDDEN = (
    "Discord does not let me do that here. "
    "Ask a moderator to look at my permissions in this channel."
)
TOO_FAST = "That was quick. Try again in {seconds} seconds."
OUT_OF_DATE = "That has gone out of date. Please use the command again."
GONE_WITH_COMMAND = "That has gone out of date. Use `/{command}` again."
BROKEN = (
    "Sorry, that went wrong on my side. Please try once more; "
    "if it happens again, tell the person who runs me this number: {reference}"
)

FORM_SECONDS = 2 * 60 * 60
SESSION_CLOSED = "Session is closed"  # what aiohttp says while the bot stops

_BELOW = (1, 2)  # Discord's numbers for a subcommand and for a group of them

# What a request to Discord can raise; it may have been carried out all the same.
FAILED = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)

_READER, _SHOW = "reader", "show"  # in an interaction's extras

# The interaction has expired or was answered: nobody can be told any more.
_TOO_LATE = {10062, 10008, 10015, 40060}


class UserError(Exception):
    """Its message is shown, word for word, to the person who asked, and to nobody else."""

    def words(self, interaction: discord.Interaction[Any]) -> str:  # its message knows
        return str(self)


def command_of(interaction: discord.Interaction[Any]) -> str:
    """The command that led to this interaction, without its slash; empty if that is not known."""
    if interaction.type is discord.InteractionType.application_command:
        command = interaction.command
        return command.qualified_name if isinstance(command, app_commands.Command) else ""
    name = _left_by(interaction)
    tree: app_commands.CommandTree[Any] = interaction.client.tree
    known = {one.qualified_name for one in tree.walk_commands()}  # it may be forged
    if interaction.guild_id is not None:
        here = discord.Object(interaction.guild_id)
        known |= {one.qualified_name for one in tree.walk_commands(guild=here)}
    return name if name in known else ""


def _left_by(interaction: discord.Interaction[Any]) -> str:
    """The command that a custom_id says was used, in this version or in one before."""
    data: Any = interaction.data or {}
    code, _ = decode(data.get("custom_id"))
    return code.removeprefix(IN_MEMORY) if code.startswith(IN_MEMORY) else ""


def _sent(interaction: discord.Interaction[Any]) -> str:
    """The whole name of the command that was sent, whether or not this version has it."""
    data: Any = interaction.data or {}
    names = [str(data.get("name"))]
    while inner := [one for one in data.get("options") or () if one.get("type") in _BELOW]:
        data = inner[0]
        names.append(str(data.get("name")))
    return " ".join(names)


def out_of_date(interaction: discord.Interaction[Any]) -> UserError:
    """What is told where nothing is left to answer a press."""
    if command := command_of(interaction):
        return UserError(GONE_WITH_COMMAND.format(command=command))
    return UserError(renamed(_left_by(interaction)) or OUT_OF_DATE)


async def report(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """The one place where an error is told to a person or to the log."""
    error = getattr(error, "original", None) or error
    if isinstance(error, discord.HTTPException) and error.code in _TOO_LATE:
        log.warning("answered too late: Discord said %s", error.code)
        note(interaction, "late")
        return
    note(interaction, "refused")
    try:
        is_of_story = isinstance(error, NothingToShow)
        rows = _rows(interaction) if is_of_story else ()
        card = refusal(_words(interaction, error), of_story=is_of_story, rows=rows)
        await answer(interaction, card, edit=False)
    except discord.HTTPException as failure:
        log.warning("could not tell somebody of an error: Discord said %s", failure.code)
    except (aiohttp.ClientError, OSError) as failure:
        log.warning("could not tell somebody of an error: %s", type(failure).__name__)
    except RuntimeError as failure:
        if str(failure) != SESSION_CLOSED:
            raise
        log.warning("could not tell somebody of an error: I am stopping")


def note_reader(interaction: discord.Interaction[Any], reader: object, show: str) -> None:
    """Remember who asks and about which show, for a refusal."""
    interaction.extras[_READER], interaction.extras[_SHOW] = reader, show


def _rows(interaction: discord.Interaction[Any]) -> list[Row]:
    """What stands below a refusal: the same whatever was asked for."""
    reader = interaction.extras.get(_READER)
    offers = interaction.client.registry.refusals if reader else ()
    return [row for offer in offers for row in offer(interaction, reader)]


def _words(interaction: discord.Interaction[Any], error: BaseException) -> str:
    match error:
        case UserError():
            return error.words(interaction)
        case app_commands.MissingPermissions(missing_permissions=missing):
            return MISSING_PERMISSIONS.format(permissions=permission_names(missing))
        case app_commands.CommandOnCooldown(retry_after=wait):
            return TOO_FAST.format(seconds=round(wait) or 1)
        case app_commands.CheckFailure():
            return NOT_ALLOWED
        case discord.Forbidden():
            return FORBIDDEN
        case _:
            return BROKEN.format(reference=_log(interaction, error))


def permission_names(names: list[str]) -> str:
    """Permissions as Discord's settings call them: `manage_channels` is Manage Channels."""
    return " and ".join(name.replace("_", " ").title() for name in names)


def _log(interaction: discord.Interaction[Any], error: BaseException) -> str:
    """Log an error under a short number, without tokens, option values or people's words."""
    note(interaction, "failed")
    reference = secrets.token_hex(3)
    command = interaction.command.qualified_name if interaction.command else interaction.type.name
    # Only where it happened: an exception's own text may quote what somebody typed. Those about
    # the database are our own words, and say the cure.
    name = f"DatabaseError: {error}" if isinstance(error, DatabaseError) else type(error).__name__
    extra = {"reference": reference}
    log.error("%s: %s in %s\n%s", reference, name, command, _where(error), extra=extra)
    return reference


def _where(error: BaseException) -> str:
    trace, lines = error.__traceback__, list[str]()
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_qualname}")
        trace = trace.tb_next
    return "\n".join(lines)


class Tree(app_commands.CommandTree[Any]):
    """The command tree, whose errors all end in `report`."""

    async def _call(self, interaction: discord.Interaction[Any]) -> None:
        await measured(interaction, self._call_guarded(interaction))

    async def _call_guarded(self, interaction: discord.Interaction[Any]) -> None:
        """Answer also where discord.py cannot read what was picked; by itself it says nothing."""
        if interaction.type is not discord.InteractionType.autocomplete:
            marks = interaction.command.extras if interaction.command else {}
            watch(interaction, opens_form="opens_form" in marks)
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            note(interaction, "refused")  # `on_error` is called after this was measured
            raise
        except Exception as error:  # noqa: BLE001  # a task's error is told to nobody
            if interaction.type is not discord.InteractionType.autocomplete:
                await report(interaction, error)

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            return  # it shows no sentence
        told: Exception = error
        if isinstance(error, app_commands.CommandNotFound):
            told = UserError(renamed(_sent(interaction)) or OUT_OF_DATE)
        elif isinstance(error, app_commands.CommandSignatureMismatch):
            told = UserError(OUT_OF_DATE)  # it has other options now, or is a group
        await report(interaction, told)


class View(Layout):
    """A view that lives in memory for some minutes, whose errors end in `report`.

    `command` is what to use again when the view is gone: the custom_ids say it. They go by place,
    so an item keeps its own when the view is laid out anew.
    """

    opens_form = False  # whether a press on it may open a form, also now and then

    def __init__(self, *, command: str = "", timeout: float | None = 180) -> None:
        super().__init__(timeout=timeout)
        self._command, self._token = command, secrets.token_hex(8)
        self._items = 0

    def add_item(self, item: discord.ui.Item[Any]) -> Self:
        super().add_item(item)
        children: Iterable[Any] = getattr(item, "walk_children", tuple)()
        parts: list[Any] = [item, *children]
        for child in parts:
            if getattr(child, "custom_id", None) is not None:
                child.custom_id = in_memory(self._command, f"{self._token}-{self._items}")
                self._items += 1
        self.name_commands()
        return self

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        watch(interaction, opens_form=self.opens_form)
        return True

    def clear_items(self) -> Self:
        self._items = 0
        return super().clear_items()

    async def _scheduled_task(
        self, item: discord.ui.Item[Any], interaction: discord.Interaction[Any]
    ) -> None:
        """Handle a press; a test pins this name, which is discord.py's own."""
        await measured(interaction, super()._scheduled_task(item, interaction))

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, item: discord.ui.Item[Any], /
    ) -> None:
        await report(interaction, error)


class Modal(discord.ui.Modal):
    """A form in memory, whose errors end in `report`; `command` is what to use when it is gone.

    Discord does not say when somebody closes a form, so each is kept for `FORM_SECONDS`.
    """

    def __init__(self, *, title: str = discord.utils.MISSING, command: str = "") -> None:
        custom_id = in_memory(command, secrets.token_hex(8))
        super().__init__(title=title, timeout=FORM_SECONDS, custom_id=custom_id)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        watch(interaction, opens_form=False)
        return True

    async def _scheduled_task(
        self, interaction: discord.Interaction[Any], components: list[Any], resolved: dict[Any, Any]
    ) -> None:
        await measured(interaction, super()._scheduled_task(interaction, components, resolved))

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        await report(interaction, error)


NOTHING = (
    "Nothing I can show you about that yet. Check the spelling: episodes are written like S1E3. "
    "Or tell me how far you have watched with `/progress`."
)
NOTHING_IN = (
    "Nothing I can show you about that in {show} yet. Check the spelling: episodes are written "
    "like S1E3. Or tell me how far you have watched with `/progress`."
)


class NothingToShow(UserError):  # noqa: N818  # an answer, not a failure
    """Hidden, misspelt and unknown alike: one refusal for all, whatever was asked."""

    def __init__(self) -> None:
        super().__init__(NOTHING)

    def words(self, interaction: discord.Interaction[Any]) -> str:
        show = interaction.extras.get(_SHOW)
        return say(NOTHING_IN, show=show) if show else NOTHING
