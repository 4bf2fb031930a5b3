"""One run of the bot against Discord: its log, and a sentence for every way it can end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from http import HTTPStatus

import aiohttp
import discord

from bot.allocator import give_back_large_blocks
from bot.client import Client, build
from bot.config import Config
from bot.discord_api.gateway import NotDiscordError
from bot.discord_api.identify import in_words
from bot.json_log import JsonFormatter
from bot.text_shaping import missing_shaping
from data.parties.zone_rules import use_newest_rules
from data.storage.errors import DatabaseError

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
ZONE_RULES = "Time zones follow the rules %s, from %s (the system has %s, the package tzdata %s)."
LOGIN_REFUSED = "Discord does not know that DISCORD_TOKEN. Copy it again from the developer portal."
DISCORD_UNREACHABLE = (
    "Discord cannot be reached ({reason}). Check the network; "
    "I end here so that whatever started me can try again."
)
TOO_FEW_SHARDS = "Discord wants more connections for this many servers (4011): raise SHARD_COUNT."
INTENTS_REFUSED = "Discord does not grant the intents that I ask for ({code}). Update the bot."
CONNECTION_CLOSED = "Discord closed the connection for good ({code}). I end here."
DISCORD_ERROR = (
    "Discord answers with an error (HTTP {status}, code {code}). "
    "I end here so that whatever started me can try again."
)

NOT_DISCORD = (
    "What answers at Discord's address is not Discord: a sign-in page of your network, most "
    "likely, or a proxy. Sign in there; I end here so that whatever started me can try again."
)
FAULT_OF_MINE = "I stop because of a fault of my own. Whatever started me can try again."
TOO_OFTEN = (
    "Discord asks me to wait {wait} (HTTP 429). I wait, and then stop so that whatever "
    "started me can try again."
)

# After 1 it may work if it is started again, after 2 only if somebody changes something.
EXIT_DONE, EXIT_FAILED, EXIT_MISUSED = 0, 1, 2
# Why Discord closes a connection: https://docs.discord.com/developers/topics/opcodes-and-status-codes
DISALLOWED_INTENTS = 4014
CLOSE_CODES = {
    4004: (LOGIN_REFUSED, EXIT_MISUSED),
    4010: (CONNECTION_CLOSED, EXIT_MISUSED),  # an invalid shard
    4011: (TOO_FEW_SHARDS, EXIT_MISUSED),
    4012: (CONNECTION_CLOSED, EXIT_MISUSED),  # a version of the gateway that is no more
    4013: (INTENTS_REFUSED, EXIT_MISUSED),
    DISALLOWED_INTENTS: (INTENTS_REFUSED, EXIT_MISUSED),
}

LONGEST_WAIT, RETRY_UNSTATED = 60 * 60.0, 60.0  # seconds before the end after a 429
LONGEST_NUMBER = 9  # digits of a `Retry-After`

_log = logging.getLogger(__name__)

# Errors of the network, not of the bot.
NETWORK_ERRORS = (aiohttp.ClientError, OSError)


class RunError(Exception):
    """The network or Discord ended the run: a sentence for the operator, and an exit code."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def start_logging(level: int, form: str | logging.Formatter = LOG_FORMAT) -> None:
    """Log to stderr, without the lines of discord.py that do not help the operator."""
    output = logging.StreamHandler()
    output.setFormatter(logging.Formatter(form) if isinstance(form, str) else form)
    logging.basicConfig(level=level, handlers=[output])
    # At DEBUG discord.py writes interaction tokens and people's messages into the log.
    logging.getLogger("discord").setLevel(max(level, logging.INFO))
    for name in ("discord.client", "discord.shard"):
        logging.getLogger(name).addFilter(without_traceback)
    # discord.py warns that packages for voice are missing; the bot does not use voice.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def without_traceback(record: logging.LogRecord) -> bool:
    """Log a lost connection in one line instead of forty; discord.py connects again by itself."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, (*NETWORK_ERRORS, discord.ConnectionClosed)):
        record.msg, record.args = f"{record.getMessage()} ({_reason(error)})", ()
        record.exc_info = record.exc_text = None
    return True


def run(config: Config, token: str, *, wait: Callable[[float], None] = time.sleep) -> int:
    """Run the bot until it is stopped; returns the exit code.

    Raises `RunError` and `DatabaseError`; where the log is JSON they are logged instead, so that
    every line is. Where Discord asks to wait before the next attempt, it does so by `wait`.
    """
    start_logging(config.log_level, JsonFormatter() if config.is_log_json else LOG_FORMAT)
    choose_zone_rules()
    give_back_large_blocks()
    if sentence := missing_shaping():
        _log.warning("%s", sentence)
    if not config.is_log_json:
        return _run(config, token, wait)
    logging.captureWarnings(capture=True)
    try:
        return _run(config, token, wait)
    except (RunError, DatabaseError) as error:
        _log.critical("%s", error)
        return getattr(error, "exit_code", EXIT_FAILED)
    except Exception:  # noqa: BLE001  # of whatever kind: the log has its traceback
        _log.exception(FAULT_OF_MINE)
        return EXIT_FAILED


def _run(config: Config, token: str, wait: Callable[[float], None]) -> int:
    try:
        return asyncio.run(run_until_closed(build(config), token))
    except (discord.DiscordException, *NETWORK_ERRORS) as error:
        ended = to_run_error(error)
        if ended is None:
            raise
        if seconds := _retry_after(error):
            _log.error("%s", ended)
            wait(seconds)
        raise ended from None


def choose_zone_rules() -> None:
    """Take the newer rules for time zones, and log which they are."""
    rules = use_newest_rules()
    source = "the package" if rules.is_from_package else "the system"
    _log.info(ZONE_RULES, rules.used, source, rules.system or "none", rules.package)


async def run_until_closed(bot: Client, token: str) -> int:
    """Run the bot until it stops; returns the exit code. The bot is always closed at the end."""
    try:
        await bot.start(token)
    finally:
        await bot.close()
    return EXIT_FAILED if bot.is_broken else EXIT_DONE


def to_run_error(error: BaseException) -> RunError | None:
    """The `RunError` for an error of Discord or of the network; None for any other error."""
    if isinstance(error, discord.ConnectionClosed):
        return _closed(error.code)
    if seconds := _retry_after(error):
        return RunError(TOO_OFTEN.format(wait=in_words(seconds)), EXIT_FAILED)
    match error:
        case NotDiscordError():
            sentence, exit_code = NOT_DISCORD, EXIT_FAILED
        case discord.LoginFailure() | discord.HTTPException(status=401):
            sentence, exit_code = LOGIN_REFUSED, EXIT_MISUSED
        case discord.PrivilegedIntentsRequired():
            return _closed(DISALLOWED_INTENTS)
        case discord.HTTPException(status=status, code=code):
            sentence, exit_code = DISCORD_ERROR.format(status=status, code=code), EXIT_FAILED
        case discord.GatewayNotFound() | aiohttp.ClientError() | OSError():
            sentence, exit_code = DISCORD_UNREACHABLE.format(reason=_reason(error)), EXIT_FAILED
        case _:
            return None
    return RunError(sentence, exit_code)


def _retry_after(error: BaseException) -> float:
    """For how many seconds Discord, or what stands before it, wants no further attempt."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    if not isinstance(error, discord.HTTPException) or error.status != HTTPStatus.TOO_MANY_REQUESTS:
        return 0
    stated = error.response.headers.get("Retry-After", "")
    is_number = stated.isascii() and stated.isdecimal() and len(stated) <= LONGEST_NUMBER
    return min(float(stated), LONGEST_WAIT) if is_number else RETRY_UNSTATED


def _closed(code: int) -> RunError:
    sentence, exit_code = CLOSE_CODES.get(code, (CONNECTION_CLOSED, EXIT_FAILED))
    return RunError(sentence.format(code=code), exit_code)


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
