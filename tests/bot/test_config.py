"""What bot.config promises: every setting told, every fault at once, and no secret in any of it."""

from __future__ import annotations

import base64
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot import config
from bot.config import Config, ConfigError, load
from tests.support import ROOT

EXAMPLE = ROOT / ".env.example"
TOKEN = "MTIzNDU2.Gabcde.not-a-real-token_at-all"
KEY = Fernet.generate_key().decode()
# Every value here is wrong, and each begins with a word that no sentence of ours holds.
ALL_WRONG = {
    "DISCORD_TOKEN": "xyzzy token",
    "DATABASE_PATH": "xyzzy/no/such/folder/db.sqlite3",
    "BACKUP_PATH": __file__,
    "SHOWS_PATH": "xyzzy-shows",
    "ENCRYPTION_KEY": "xyzzy",
    "LOG_LEVEL": "xyzzy",
    "LOG_FORMAT": "xyzzy",
    "HEALTH_PORT": "xyzzy",
    "HEALTH_HOST": "xyzzy",
    "TVMAZE_URL": "xyzzy",
    "TMDB_TOKEN": "xyzzy token",
    "CONTACT": "xyzzy",
}


class Recorded(Mapping[str, str]):
    """An empty environment that remembers which names it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> str:
        self.asked.append(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def faults_of(env: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Config.from_env(env)
    return str(caught.value).splitlines()


def test_with_nothing_set_everything_has_a_default() -> None:
    assert Config.from_env({}) == Config(
        token=None,
        database_path=Path("cliffhanger.sqlite3"),
        backup_path=Path("backups"),
        shows_path=None,
        encryption_keys=(),
        log_level=logging.INFO,
        is_log_json=False,
        health_port=None,
        health_host="127.0.0.1",
        tvmaze_url="https://api.tvmaze.com",
        tmdb_token=None,
        contact=None,
    )
    assert Config.from_env({}) == Config()


def test_an_empty_value_is_no_value() -> None:
    assert Config.from_env(dict.fromkeys(ALL_WRONG, "")) == Config()
    assert Config.from_env(dict.fromkeys(ALL_WRONG, " ")) == Config()


def test_spaces_around_a_value_are_not_part_of_it() -> None:
    read = Config.from_env({"DISCORD_TOKEN": f" {TOKEN}\n", "ENCRYPTION_KEY": f"{KEY} "})

    assert read == Config(token=TOKEN, encryption_keys=(KEY,))


def test_every_setting_arrives(tmp_path: Path) -> None:
    read = Config.from_env(
        {
            "DISCORD_TOKEN": TOKEN,
            "DATABASE_PATH": str(tmp_path / "bot.sqlite3"),
            "BACKUP_PATH": str(tmp_path / "copies"),
            "SHOWS_PATH": str(tmp_path),
            "ENCRYPTION_KEY": KEY,
            "LOG_LEVEL": "warning",
            "LOG_FORMAT": "json",
            "HEALTH_PORT": "9464",
            "HEALTH_HOST": "::1",
            "TVMAZE_URL": "http://localhost:8080/tvmaze",
            "TMDB_TOKEN": "eyJh.eyJhdWQi.not-a-real_token",
            "CONTACT": "ann@example.org",
        }
    )

    assert read == Config(
        token=TOKEN,
        database_path=tmp_path / "bot.sqlite3",
        backup_path=tmp_path / "copies",
        shows_path=tmp_path,
        encryption_keys=(KEY,),
        log_level=logging.WARNING,
        is_log_json=True,
        health_port=9464,
        health_host="::1",
        tvmaze_url="http://localhost:8080/tvmaze",
        tmdb_token="eyJh.eyJhdWQi.not-a-real_token",
        contact="ann@example.org",
    )


def test_backups_are_kept_beside_the_database_unless_told_otherwise(tmp_path: Path) -> None:
    read = Config.from_env({"DATABASE_PATH": str(tmp_path / "bot.sqlite3")})

    assert read.backup_path == tmp_path / "backups"


def test_every_fault_is_told_in_one_message_and_each_on_its_own_line() -> None:
    faults = faults_of(ALL_WRONG)

    assert sorted(line.split()[0] for line in faults) == sorted(ALL_WRONG)


@pytest.mark.parametrize("name", ALL_WRONG)
def test_one_fault_alone_is_told_alone(name: str) -> None:
    (fault,) = faults_of({name: ALL_WRONG[name]})

    assert fault.startswith(f"{name} ")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (config.PLACEHOLDER, config.STILL_THE_EXAMPLE),
        (f"Bot {TOKEN}", config.BAD_CHARACTER),
        (f"{TOKEN}\n{TOKEN}", config.BAD_CHARACTER),
        (f"{TOKEN}\N{ZERO WIDTH SPACE}", config.BAD_CHARACTER),
    ],
)
def test_what_cannot_be_a_token_is_refused(value: str, reason: str) -> None:
    assert faults_of({"DISCORD_TOKEN": value}) == [f"DISCORD_TOKEN {reason}"]


@pytest.mark.parametrize(
    "value",
    [
        base64.urlsafe_b64encode(bytes(31)).decode(),
        base64.urlsafe_b64encode(bytes(33)).decode(),
        base64.b64encode(b"\xff" * 32).decode(),  # `/` is not in the url-safe alphabet
        KEY[:-1],
        f"{KEY[:20]} {KEY[20:]}",
        f"{KEY}A",
        "ключ",
        f"{KEY},{KEY[:-1]}",
        f"{KEY};{KEY}",
        f"{KEY} {KEY}",
        f"{KEY},",
        ",",
    ],
    ids=str.__len__,  # a key is random, and a test has one name
)
def test_what_is_no_fernet_key_is_refused(value: str) -> None:
    assert faults_of({"ENCRYPTION_KEY": value}) == [f"ENCRYPTION_KEY {config.NOT_A_KEY}"]


@given(st.binary(min_size=32, max_size=32))
def test_every_fernet_key_is_taken(raw: bytes) -> None:
    key = base64.urlsafe_b64encode(raw).decode()

    assert Config.from_env({"ENCRYPTION_KEY": key}).encryption_keys == (key,)
    Fernet(key)


def test_several_keys_are_taken_in_their_order() -> None:
    other = Fernet.generate_key().decode()

    assert Config.from_env({"ENCRYPTION_KEY": f" {KEY} ,{other}"}).encryption_keys == (KEY, other)


@pytest.mark.parametrize("value", ["off", "OFF", " Off "])
def test_tvmaze_can_be_switched_off(value: str) -> None:
    assert Config.from_env({"TVMAZE_URL": value}).tvmaze_url is None


@pytest.mark.parametrize(
    "value",
    [
        "https://api.tvmaze.com",
        "http://api.tvmaze.com:8080/",
        "https://localhost/a/path",
        "http://[::1]:1",
    ],
)
def test_the_address_of_a_site_is_taken_as_it_stands(value: str) -> None:
    assert Config.from_env({"TVMAZE_URL": value}).tvmaze_url == value


@pytest.mark.parametrize(
    "value",
    [
        "api.tvmaze.com",
        "ftp://api.tvmaze.com",
        "https://",
        "https:///shows",
        "https://user:word@api.tvmaze.com",
        "https://api.tvmaze.com?q=1",
        "https://api.tvmaze.com/#top",
        "https://api..com",
        "https://api.tvmaze.com:65536",
        "https://api.tvmaze.com:0",
        "https://[:::]",
        "https://api.tvmaze.com /shows",
        "false",
    ],
)
def test_what_is_no_address_of_a_site_is_refused(value: str) -> None:
    assert faults_of({"TVMAZE_URL": value}) == [f"TVMAZE_URL {config.NOT_A_SITE}"]


@given(st.from_regex(config.SITE_ADDRESS, fullmatch=True))
def test_every_address_that_is_taken_can_be_asked(value: str) -> None:
    try:
        taken = Config.from_env({"TVMAZE_URL": value}).tvmaze_url
    except ConfigError:
        return
    assert taken is not None
    assert URL(taken).host


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Bearer abc", config.BAD_TMDB_CHARACTER),
        ("abc\nX-Other: 1", config.BAD_TMDB_CHARACTER),
        ("0123456789abcdef" * 2, config.TMDB_API_KEY_GIVEN),
    ],
)
def test_what_cannot_be_a_token_of_tmdb_is_refused(value: str, reason: str) -> None:
    assert faults_of({"TMDB_TOKEN": value}) == [f"TMDB_TOKEN {reason}"]


@pytest.mark.parametrize("value", ["ann@example.org", "https://example.org/bot?who=ann"])
def test_a_contact_is_a_mail_or_web_address(value: str) -> None:
    assert Config.from_env({"CONTACT": value}).contact == value


@pytest.mark.parametrize(
    "value",
    ["ann", "@example.org", "ann@example.org)", "ann@exam ple", "ann@x.org\r\nA: b", "ä@x.org"],
)
def test_what_nobody_can_be_reached_by_is_refused(value: str) -> None:
    assert faults_of({"CONTACT": value}) == [f"CONTACT {config.NOT_A_CONTACT}"]


def test_paths_must_lead_to_what_they_are_for(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    assert faults_of({"SHOWS_PATH": str(file)}) == [f"SHOWS_PATH {config.NO_SUCH_FOLDER}"]
    assert faults_of({"DATABASE_PATH": str(tmp_path)}) == [f"DATABASE_PATH {config.IS_A_FOLDER}"]
    assert faults_of({"DATABASE_PATH": str(file / "db")}) == [
        f"DATABASE_PATH {config.NO_FOLDER_FOR_FILE}"
    ]
    assert faults_of({"BACKUP_PATH": str(file)}) == [f"BACKUP_PATH {config.IS_A_FILE}"]


@pytest.mark.parametrize("name", ["DATABASE_PATH", "SHOWS_PATH"])
def test_a_path_too_long_for_the_system_is_a_fault_like_any_other(name: str) -> None:
    assert len(faults_of({name: "long" * 2_000 + "/x"})) == 1


@pytest.mark.parametrize("name", ["DATABASE_PATH", "BACKUP_PATH", "SHOWS_PATH"])
def test_a_path_with_a_nul_byte_is_refused(name: str) -> None:
    assert faults_of({name: "copies\0"}) == [f"{name} {config.PATH_WITH_NUL}"]


SECRETS = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=3).map(
    lambda text: f"xyzzy{text}"
)


@given(token=SECRETS)
def test_a_token_is_not_shown_by_the_config_that_holds_it(token: str) -> None:
    other = Fernet.generate_key().decode()
    read = Config.from_env(
        {"DISCORD_TOKEN": token, "TMDB_TOKEN": token, "ENCRYPTION_KEY": f"{KEY},{other}"}
    )

    assert read.token == read.tmdb_token == token
    for shown in (repr(read), str(read), f"{read}"):
        assert "xyzzy" not in shown
        assert KEY not in shown
        assert other not in shown


@given(st.dictionaries(st.sampled_from(sorted(ALL_WRONG)), SECRETS, min_size=1))
def test_no_fault_repeats_a_value_whatever_line_it_was_put_on(env: dict[str, str]) -> None:
    message = "\n".join(faults_of({**env, "LOG_LEVEL": "xyzzy"}))

    assert "xyzzy" not in message


def test_the_example_names_every_setting_and_no_other() -> None:
    env = Recorded()
    Config.from_env(env)

    assert sorted(dotenv_values(EXAMPLE)) == sorted(env.asked)


def test_the_example_is_right_but_for_its_token() -> None:
    """A person who fills in only the token has a bot that starts."""
    example = {name: value or "" for name, value in dotenv_values(EXAMPLE).items()}

    assert faults_of(example) == [f"DISCORD_TOKEN {config.STILL_THE_EXAMPLE}"]
    assert Config.from_env({**example, "DISCORD_TOKEN": TOKEN}) == Config(token=TOKEN)


def test_each_setting_in_the_example_has_its_comment() -> None:
    for paragraph in EXAMPLE.read_text(encoding="utf-8").strip().split("\n\n")[1:]:
        *comments, setting = paragraph.splitlines()
        assert comments, setting
        assert all(line.startswith("# ") for line in comments)
        assert not setting.startswith("#")


def loaded(folder: Path, **env: str) -> str:
    """What a fresh process reads as (token, level), started in `folder` with that environment."""
    ask = "from bot.config import load; read = load(); print(read.token, read.log_level)"
    environment = {"PYTHONPATH": str(ROOT), **env}
    command = [sys.executable, "-c", ask]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    text = f"\N{BYTE ORDER MARK}DISCORD_TOKEN={TOKEN}\nLOG_LEVEL=ERROR\n"
    (tmp_path / ".env").write_text(text, encoding="utf-8")

    assert loaded(tmp_path) == f"{TOKEN} {logging.ERROR}"
    assert loaded(tmp_path, DISCORD_TOKEN="other") == f"other {logging.ERROR}"
    assert loaded(tmp_path, LOG_LEVEL="") == f"{TOKEN} {logging.INFO}"


def test_a_missing_file_sets_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, DISCORD_TOKEN=TOKEN) == f"{TOKEN} {logging.INFO}"


def test_a_secret_in_the_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=a${HOME}b\n", encoding="utf-8")

    assert loaded(tmp_path, HOME="x") == f"a${{HOME}}b {logging.INFO}"


def test_a_file_in_another_encoding_is_named_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"DISCORD_TOKEN={TOKEN}", encoding="utf-16")

    with pytest.raises(ConfigError) as caught:
        load(path)

    assert str(caught.value) == config.NOT_UTF8.format(path=path)


def fault_in(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value)


def test_a_folder_or_a_pipe_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    assert fault_in(tmp_path) == config.NOT_A_REGULAR_FILE.format(path=tmp_path)
    assert fault_in(pipe) == config.NOT_A_REGULAR_FILE.format(path=pipe)


def test_a_file_that_the_system_does_not_let_us_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / ("long" * 2_000)

    assert fault_in(path).startswith(config.SETTINGS_UNREADABLE.format(path=path, reason=""))


def test_lines_that_set_nothing_are_told_by_number_and_never_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "# Mine.\n\nDISCORD_TOKEN: xyzzy\nLOG_LEVEL=loud\n\nexport xyzzy\n", encoding="utf-8"
    )

    told = fault_in(path).splitlines()

    assert told[:2] == [config.NOT_A_SETTING.format(line=line, path=path) for line in (3, 6)]
    assert [line.split()[0] for line in told[2:]] == ["LOG_LEVEL"]
    assert "xyzzy" not in "".join([*told, *capfd.readouterr()])


def test_what_a_command_does_not_need_does_not_stop_it(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        f"DISCORD_TOKEN={config.PLACEHOLDER}\nDATABASE_PATH=my.sqlite3\nBACKUP_PATH=elsewhere\n",
        encoding="utf-8",
    )

    assert load(path, only=["DATABASE_PATH"]) == Config(database_path=Path("my.sqlite3"))
