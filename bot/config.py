"""The settings of the bot, read from its environment; all faults are reported at once."""

from __future__ import annotations

import logging
import os
import re
import stat
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv.parser import Binding, parse_stream

DEFAULT_DATABASE = Path("cliffhanger.sqlite3")
DEFAULT_BACKUPS = "backups"
DEFAULT_TVMAZE = "https://api.tvmaze.com"
SWITCHED_OFF = "off"
# The value of DISCORD_TOKEN in .env.example.
PLACEHOLDER = "put-your-bot-token-here"
VISIBLE_ASCII = re.compile(r"[!-~]+")
FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")  # 32 bytes in url-safe base64
HOST_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = rf"(?:{HOST_LABEL}(?:\.{HOST_LABEL})*|\[[0-9A-Fa-f:]+\])"
SITE_ADDRESS = re.compile(rf"https?://{HOST}(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._~/-]*)?")
TMDB_API_KEY = re.compile(r"[0-9a-f]{32}")
# Without parentheses: the User-Agent header holds it in a comment, which one would end.
CONTACT_ADDRESS = re.compile(r"(?:https?://|[\w.%+-]+@)[!#-'*-;=?-Z_a-z~]{3,200}", re.ASCII)
LOG_LEVELS = {
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARNING": logging.WARNING,
    "ERROR": logging.ERROR,
    "CRITICAL": logging.CRITICAL,
}

LOG_FORMATS = {"PLAIN": False, "JSON": True}
LAST_PORT = 65535
LOOPBACK = "127.0.0.1"

# No message repeats the value: a secret may have been put on the wrong line.
STILL_THE_EXAMPLE = "still says what .env.example said; put your bot's token there"
BAD_CHARACTER = 'holds a space or another character that no token has; give it alone, without "Bot"'
BAD_TMDB_CHARACTER = (
    'holds a space or another character that no token has; give it alone, without "Bearer"'
)
TMDB_API_KEY_GIVEN = "is an API key; TMDB's longer API Read Access Token is needed"
NOT_A_SITE = "is no http or https address of a site, such as https://api.tvmaze.com, and not `off`"
NOT_A_CONTACT = "is neither a mail address nor an http or https address"
NOT_A_KEY = (
    "is no Fernet key (32 bytes in url-safe base64, 44 characters), nor several with "
    "commas between them"
)
NO_SUCH_LEVEL = f"is none of {', '.join(LOG_LEVELS)}"
NO_SUCH_FORMAT = "is neither plain nor json"
NOT_A_PORT = f"is no port, which is a number from 1 to {LAST_PORT}"
NOT_AN_ADDRESS = f"is no IP address, such as {LOOPBACK} or ::"
NOT_A_COUNT = "is no whole number from 1 to 999"
NO_SUCH_FOLDER = "names no folder; make it, or leave the setting empty"
IS_A_FOLDER = "names a folder; name a file in it"
NO_FOLDER_FOR_FILE = "names a file in a folder that does not exist; make the folder first"
IS_A_FILE = "names a file; name a folder"
PATH_WITH_NUL = "holds a NUL byte, which no path has"
NOT_UTF8 = "{path} is not UTF-8 text; save it as UTF-8"
NOT_A_REGULAR_FILE = "{path} is not a file; only a regular file is read"
SETTINGS_UNREADABLE = "{path} cannot be read: {reason}"
NOT_A_SETTING = "line {line} of {path} is not NAME=value"

T = TypeVar("T")
MOST_SHARDS = 999


class ConfigError(Exception):
    """The settings are wrong; the message has one fault a line, and no values."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings; relative paths start at the folder in which the bot was started."""

    token: str | None = field(default=None, repr=False)
    database_path: Path = DEFAULT_DATABASE
    backup_path: Path = Path(DEFAULT_BACKUPS)
    shows_path: Path | None = None
    # The first encrypts what members write; each can decrypt it.
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    log_level: int = logging.INFO
    is_log_json: bool = False
    # None: nothing listens.
    health_port: int | None = None
    health_host: str = LOOPBACK
    shard_count: int = 1
    # None: TVmaze is switched off.
    tvmaze_url: str | None = DEFAULT_TVMAZE
    tmdb_token: str | None = field(default=None, repr=False)
    contact: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str], faults: Sequence[str] = ()) -> Config:
        """The settings in `env`; an empty value counts as unset.

        Raises `ConfigError` with `faults` and all faults that are found here.
        """
        reading = _SettingsReader(env, faults)
        database_path = reading.take("DATABASE_PATH", _file, DEFAULT_DATABASE)
        config = cls(
            token=reading.take("DISCORD_TOKEN", _token, None),
            database_path=database_path,
            backup_path=reading.take(
                "BACKUP_PATH", _new_folder, database_path.parent / DEFAULT_BACKUPS
            ),
            shows_path=reading.take("SHOWS_PATH", _folder, None),
            encryption_keys=reading.take("ENCRYPTION_KEY", _keys, ()),
            log_level=reading.take("LOG_LEVEL", _level, logging.INFO),
            is_log_json=reading.take("LOG_FORMAT", _format, default=False),
            health_port=reading.take("HEALTH_PORT", _port, None),
            health_host=reading.take("HEALTH_HOST", _address, LOOPBACK),
            shard_count=reading.take("SHARD_COUNT", _count, 1),
            tvmaze_url=reading.take("TVMAZE_URL", _site_unless_off, DEFAULT_TVMAZE),
            tmdb_token=reading.take("TMDB_TOKEN", _tmdb_token, None),
            contact=reading.take("CONTACT", _contact, None),
        )
        if reading.faults:
            raise ConfigError("\n".join(reading.faults))
        return config


def load(path: Path = Path(".env"), *, only: Collection[str] | None = None) -> Config:
    """The settings from the environment, then those from the file at `path`, which may be missing.

    `only` names the settings that a command needs: faults in others are ignored. Raises
    `ConfigError`.
    """
    named, faults = dict[str, str](), list[str]()
    for binding in parse_stream(StringIO(_text(path))):
        if binding.key is not None and binding.value is not None:
            # Taken literally: a `$` in a secret is not interpolated.
            named[binding.key] = binding.value
        elif binding.error or binding.key is not None:
            faults.append(NOT_A_SETTING.format(line=_line(binding), path=path))
    env = {**named, **os.environ}
    if only is not None:
        env = {name: env[name] for name in only if name in env}
    return Config.from_env(env, faults)


def wants_colours() -> bool:
    """Whether the user's terminal wants colour: NO_COLOR is unset (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _text(path: Path) -> str:
    """The text of the file; empty if it is missing. Raises `ConfigError` if it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe would block
            raise ConfigError(NOT_A_REGULAR_FILE.format(path=path))
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ConfigError(NOT_UTF8.format(path=path)) from None
    except OSError as error:
        raise ConfigError(SETTINGS_UNREADABLE.format(path=path, reason=error.strerror)) from None


def _line(binding: Binding) -> int:
    """The line number of a binding: the parser counts from the blank lines above it."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")


class _SettingsReader:
    """Reads one setting after another, and collects faults instead of raising them."""

    def __init__(self, env: Mapping[str, str], faults: Sequence[str]) -> None:
        self.env = env
        self.faults = list(faults)

    def take(self, name: str, parse: Callable[[str], T], default: T) -> T:
        value = self.env.get(name, "").strip()
        if not value:
            return default
        try:
            return parse(value)
        except ConfigError as fault:
            self.faults.append(f"{name} {fault}")
            return default


def _token(value: str) -> str:
    if value == PLACEHOLDER:
        raise ConfigError(STILL_THE_EXAMPLE)
    if not VISIBLE_ASCII.fullmatch(value):
        raise ConfigError(BAD_CHARACTER)
    return value


def _keys(value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(","))
    if not all(map(FERNET_KEY.fullmatch, keys)):
        raise ConfigError(NOT_A_KEY)
    return keys


def _level(value: str) -> int:
    level = LOG_LEVELS.get(value.upper())
    if level is None:
        raise ConfigError(NO_SUCH_LEVEL)
    return level


def _format(value: str) -> bool:
    is_json = LOG_FORMATS.get(value.upper())
    if is_json is None:
        raise ConfigError(NO_SUCH_FORMAT)
    return is_json


def _port(value: str) -> int:
    is_short = len(value) <= len(str(LAST_PORT)) and value.isascii() and value.isdecimal()
    if not (is_short and 1 <= int(value) <= LAST_PORT):
        raise ConfigError(NOT_A_PORT)
    return int(value)


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise ConfigError(NOT_AN_ADDRESS) from None


def _count(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:4]) <= MOST_SHARDS):
        raise ConfigError(NOT_A_COUNT)
    return int(value[:4])


def _site_unless_off(value: str) -> str | None:
    if value.lower() == SWITCHED_OFF:
        return None
    try:
        is_site = SITE_ADDRESS.fullmatch(value) is not None and urlsplit(value).port != 0
    except ValueError:  # a port above the last, or no IPv6 address between the brackets
        is_site = False
    if not is_site:
        raise ConfigError(NOT_A_SITE)
    return value


def _tmdb_token(value: str) -> str:
    if TMDB_API_KEY.fullmatch(value):
        raise ConfigError(TMDB_API_KEY_GIVEN)
    if not VISIBLE_ASCII.fullmatch(value):
        raise ConfigError(BAD_TMDB_CHARACTER)
    return value


def _contact(value: str) -> str:
    if not CONTACT_ADDRESS.fullmatch(value):
        raise ConfigError(NOT_A_CONTACT)
    return value


def _path(value: str) -> Path:
    if "\0" in value:
        raise ConfigError(PATH_WITH_NUL)
    return Path(value)


def _folder(value: str) -> Path:
    path = _path(value)
    if not _is_folder(path):
        raise ConfigError(NO_SUCH_FOLDER)
    return path


def _file(value: str) -> Path:
    path = _path(value)
    if _is_folder(path):
        raise ConfigError(IS_A_FOLDER)
    if not _is_folder(path.parent):
        raise ConfigError(NO_FOLDER_FOR_FILE)
    return path


def _new_folder(value: str) -> Path:
    path = _path(value)
    if _is_file(path):
        raise ConfigError(IS_A_FILE)
    return path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # the name is too long, or a folder above it is not accessible
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
