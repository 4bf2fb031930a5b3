"""A process of its own that starts one bot, says when it is ready, and what memory it takes."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from benchmarks.null_discord import Bot, NullDiscord, receive
from benchmarks.payloads import FIRST, GUILD_SIZE, guild

READY = "ready\n"
STATUS = Path("/proc/self/status")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.child")
    parser.add_argument("--folder", type=Path, help="of our bot's database; without: a bare bot")
    parser.add_argument("--shows", type=Path, help="packs beside those that ship")
    parser.add_argument("--guilds", type=int, default=0)
    parsed = parser.parse_args()
    asyncio.run(_start(_bot(parsed.folder, parsed.shows), parsed.guilds))


def _bot(folder: Path | None, shows: Path | None) -> Bot:
    # Imported here, because a bare bot is not to pay for what only ours needs, nor ours for both.
    if folder is None:
        from benchmarks.bare_bot import BareBot  # noqa: PLC0415

        return BareBot()
    from benchmarks.loaded_bot import bot_with  # noqa: PLC0415

    return bot_with(folder, shows)


async def _start(bot: Bot, guilds: int) -> None:
    async with bot:
        await NullDiscord().log_in(bot)
        print(READY, end="", flush=True)
        for number in range(guilds):
            receive(bot, "GUILD_CREATE", guild(FIRST + number * GUILD_SIZE))
            await asyncio.sleep(0)
        print(_resident(), flush=True)


def _resident() -> int:
    """KiB of memory that are in use right now; 0 where the system does not say so."""
    if not STATUS.exists():
        return 0
    fields = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(fields["VmRSS"].removesuffix("kB"))


if __name__ == "__main__":
    main()
