"""Commands that had another name, and what does it now: some clients still list the old ones."""

from __future__ import annotations

from collections.abc import Mapping

RENAMED_COMMAND = "That command has another place now: {now}."

# What version 0.2.0 had, and where it went. The version after the next forgets it.
RENAMED: Mapping[str, str] = {
    "party cancel": "`/party list`, then *Cancel*",
    "party change": "`/party list`, then *Change*",
    "privacy export": "`/privacy`, then *Export*",
    "privacy forget": "`/privacy`, then *Forget*",
    "privacy show": "`/privacy`",
    "progress export": "`/progress`, then *Export*",
    "progress forget": "`/progress`, then *Forget*",
    "progress import": "`/progress file:`",
    "progress set": "`/progress point:`",
    "progress show": "`/progress`",
    "renewal channel": "`/renewal`, then *Our channel*",
    "renewal editors add": "`/newsdesk editors`",
    "renewal editors list": "`/newsdesk editors`",
    "renewal editors remove": "`/newsdesk editors`",
    "renewal follow": "`/room news`",
    "renewal history": "`/renewal`, then *Timeline*",
    "renewal list": "`/room news`",
    "renewal remind": "`/renewal`, then *Remind me*",
    "renewal report correct": "`/newsdesk list`, then *Correct*",
    "renewal report enter": "`/newsdesk enter`",
    "renewal report list": "`/renewal`, then *Timeline*",
    "renewal report retract": "`/newsdesk list`, then *Take back*",
    "renewal status": "`/renewal`",
    "renewal test": "`/room news`",
    "renewal unfollow": "`/room news`",
    "room clear": "`/room scope`",
    "room default": "`/setup`",
    "room helpers add": "`/room helpers`",
    "room helpers list": "`/room helpers`",
    "room helpers remove": "`/room helpers`",
    "room keep": "`/setup`",
    "room list": "`/setup`",
    "room reports": "`/setup`",
    "show changes": "`/review`",
    "show default": "`/setup`",
    "show export": "`/shows show:`, then *Download*",
    "show info": "`/shows show:`",
    "show list": "`/shows`",
    "show request": "`/shows`, then *Ask for a show*",
    "show review": "`/review`",
    "show write alias": "`/write name`",
    "show write character": "`/write person`",
    "show write fact": "`/write fact`",
    "show write recap": "`/write recap`",
    "spoiler inbox": "`/inbox`",
    "spoiler write": "`/spoiler`",
    "threads": "`/rooms`",
}


def renamed(command: str) -> str | None:
    """What to tell somebody who used a command of an older version; None for any other."""
    now = RENAMED.get(command)
    return RENAMED_COMMAND.format(now=now) if now else None
