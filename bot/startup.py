"""One run of the bot against Discord: its log, and every way it can end, in a sentence."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord

from bot.client import Client, build
from bot.config import Config

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
REFUSED = "Discord does not know that DISCORD_TOKEN. Copy it again from the developer portal."
UNREACHABLE = (
    "Discord cannot be reached ({reason}). Check the network; "
    "I end here so that whatever started me can try again."
)
TOO_FEW_SHARDS = "Discord wants more connections for this many servers (4011): raise SHARD_COUNT."
BAD_INTENTS = "Discord does not grant the intents that I ask for ({code}). Update the bot."
CLOSED = "Discord closed the connection for good ({code}). I end here."
SAID_NO = (
    "Discord answers with an error (HTTP {status}, code {code}). "
    "I end here so that whatever started me can try again."
)

DONE, FAILED, MISUSED = 0, 1, 2  # exit codes
# Why Discord closes a connection: https://docs.discord.com/developers/topics/opcodes-and-status-codes
DISALLOWED_INTENTS = 4014
CLOSED_FOR = {
    4004: (REFUSED, MISUSED),
    4011: (TOO_FEW_SHARDS, FAILED),
    4013: (BAD_INTENTS, FAILED),
    DISALLOWED_INTENTS: (BAD_INTENTS, FAILED),
}

# What ends a connection without any fault of ours.
NETWORK = (aiohttp.ClientError, OSError)


class RunError(Exception):
    """A run that the network or Discord ended: a sentence for the operator, and an exit code."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def start_logging(level: int, form: str = FORMAT) -> None:
    """Log to stderr, without those lines of discord.py that help nobody."""
    logging.basicConfig(level=level, format=form)
    # At DEBUG discord.py writes interaction tokens and people's messages into the log.
    logging.getLogger("discord").setLevel(max(level, logging.INFO))
    for name in ("discord.client", "discord.shard"):
        logging.getLogger(name).addFilter(without_traceback)
    # It warns of what voice needs; there is no voice here.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def without_traceback(record: logging.LogRecord) -> bool:
    """Tell of a lost connection in one line: discord.py adds forty, and connects again anyway."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, (*NETWORK, discord.ConnectionClosed)):
        record.msg, record.args = f"{record.getMessage()} ({_reason(error)})", ()
        record.exc_info = record.exc_text = None
    return True


def run(config: Config, token: str) -> int:
    """Run until told to stop; the exit code. Raises RunError."""
    start_logging(config.log_level)
    try:
        return asyncio.run(keep_running(build(config), token))
    except (discord.DiscordException, *NETWORK) as error:
        ended = explained(error)
        if ended is None:
            raise
        raise ended from None


async def keep_running(bot: Client, token: str) -> int:
    """Until it stops; the exit code. Whatever ends it, the bot is closed, and so its database."""
    try:
        await bot.start(token)
    finally:
        await bot.close()
    return FAILED if bot.is_broken else DONE


def explained(error: BaseException) -> RunError | None:
    """What to tell the operator, if it is Discord or the network that failed."""
    match error:
        case discord.LoginFailure() | discord.HTTPException(status=401):
            return RunError(REFUSED, MISUSED)
        case discord.PrivilegedIntentsRequired():
            return _closed(DISALLOWED_INTENTS)
        case discord.ConnectionClosed(code=code):
            return _closed(code)
        case discord.HTTPException(status=status, code=code):
            return RunError(SAID_NO.format(status=status, code=code), FAILED)
        case discord.GatewayNotFound() | aiohttp.ClientError() | OSError():
            return RunError(UNREACHABLE.format(reason=_reason(error)), FAILED)
        case _:
            return None


def _closed(code: int) -> RunError:
    sentence, exit_code = CLOSED_FOR.get(code, (CLOSED, FAILED))
    return RunError(sentence.format(code=code), exit_code)


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
