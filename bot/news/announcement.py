"""Announcements of news: how they look, and what happens when one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ui

from bot.delivery.topic import MessagePayload, Topic
from bot.news.headlines import says_more
from bot.news.wording import confidence_of, event_of, state_of
from bot.rooms.moderators import tell_moderators
from bot.sources.registry import credits_of
from bot.ui.cards import ACCENT, SAFE_FOR_EVERYONE, Card, notice
from bot.ui.citations import sources
from bot.ui.custom_ids import encode
from bot.ui.days import day
from bot.ui.mentions import mention
from bot.ui.text import Markup, say
from data.news.planning import kinds_of
from data.news.store import Version
from data.news.subject import NewsSubject
from data.outbox import NOT_PUBLISHED, Announcement

if TYPE_CHECKING:
    from bot.context import Bot
    from data.news.status import News
    from data.news.subscriptions import Subscription


NEWS_HEADING = "### {show}"
RUMOUR_HEADING = "### {show} · only a rumour"
STATE = "**{state}**"
SURE_SINCE = "{sure} · {date}"
CORRECTION_LINE = "**Corrected** {ago}. Before, it said: {before}"
REWORDED_LINE = "**Corrected** {ago}: the words, or where this is known from."
CONFIRMATION_LINE = "**No longer a rumour**, since {ago}. Before, it said: {before}"
TOLD_AGAIN_LINE = "**Told again** {ago}, after it had been taken back."
RETRACTION_LINE = (
    "**Taken back** {ago}: *{event}* turned out not to be so, or should not have been told."
)
SAMPLE = "**This is a sample.** News of {show} would look like this:"
HOW_IT_STANDS = "How it stands"

ANNOUNCEMENT_FAILED = "I could not announce the news about **{show}** in {channel}: {why}"
FAILURE_REASONS = {
    "channel_gone": "that channel is gone. `/room news` names another one.",
    "no_access": (
        "I can't see that channel any more. Give me View Channel there, then press *Try again* in "
        "`/room news`."
    ),
    "no_permission": (
        "I may not write there any more. Give me Send Messages there, then press *Try again* in "
        "`/room news`."
    ),
    "thread_closed": "that thread is closed. Open it, then press *Try again* in `/room news`.",
    "role_gone": (
        "the role that I pinged is gone, so I told it without a ping. "
        "`/room news` names another one, or none."
    ),
    "kicked": "I was removed from this server.",
    "not_sent": "Discord did not take it, which is my mistake. Nothing has to be done here.",
    "not_corrected": (
        "it stands there, and Discord did not let me correct it. `/renewal` tells how it "
        "stands; a moderator can delete the message."
    ),
    "too_late": "Discord could not be reached for days. `/renewal` tells how it stands.",
    "unseen": (
        "Discord did not say whether that worked, and I may not read the channel's history to find "
        "out. It may stand there or not; I don't guess. Give me Read Message History there."
    ),
}
# After which of them nothing more is told in that channel until somebody has looked at it.
PAUSING = {
    "channel_gone",
    "no_access",
    "no_permission",
    "thread_closed",
    "role_gone",
    "kicked",
}
STANDING = "nb"  # the name of the button that tells how a show's next season stands


class NewsTopic(Topic):
    """News, for the channels that follow their show."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def payload(self, row: Announcement) -> MessagePayload | None:
        subject = NewsSubject.parse(row.subject)
        show = subject.show
        versions = self._bot.news_store.versions(show, subject.id)
        if not versions:
            return None
        button = standing_button(show, row.nonce)
        if row.message_id is not None:
            shown = next((v for v in versions if v.revision == row.shown), versions[0])
            return _told(
                row, announcement_lines(self._bot.library.title(show), versions[-1], shown), button
            )
        newest = versions[-1]
        if newest.is_retracted or newest.news.is_rumour != subject.is_rumour:
            return None
        subscription = await self._wanting(row, show, newest.news)
        if subscription is None:
            return None
        pings = None if subject.is_rumour else subscription.role_id
        return _told(
            row, announcement_lines(self._bot.library.title(show), newest), button, pings=pings
        )

    async def _wanting(self, row: Announcement, show: str, news: News) -> Subscription | None:
        """The subscription that still wants these news; it may have changed since the plan."""
        found = await self._bot.subscriptions.deciding(row.guild_id, row.channel_id, show)
        if found is None or found.paused or not found.kinds.issuperset(kinds_of(news)):
            return None
        library = self._bot.library
        is_elsewhere = library.get(show) is not None and not library.has(row.guild_id, show)
        # Who follows every show follows every one that this server has.
        return None if found.show is None and is_elsewhere else found

    async def failed(self, row: Announcement, reason: str, *, role_id: int | None = None) -> None:
        """Pause the channel if it would fail again, and tell the moderators once."""
        bot, place = self._bot, (row.guild_id, row.channel_id)
        pauses = reason in PAUSING
        if pauses and not await bot.subscriptions.pause(*place, reason, role_id=role_id):
            return
        show = NewsSubject.parse(row.subject).show
        why = Markup(FAILURE_REASONS[reason])
        sentence = say(
            ANNOUNCEMENT_FAILED,
            show=self._bot.library.title(show),
            channel=mention(row.channel_id),
            why=why,
        )
        await tell_moderators(bot, row.guild_id, notice(sentence))


def announcement_lines(title: str, newest: Version, before: Version | None = None) -> list[str]:
    """The lines of an announcement: how it stands, from when and whom.

    If the news said something else `before`, the lines say that too.
    """
    heading = RUMOUR_HEADING if newest.news.is_rumour else NEWS_HEADING
    lines = [say(heading, show=title)]
    if not newest.is_retracted:
        lines += _said(newest.news)
    if before is not None and before.revision != newest.revision:
        lines.append(_corrected(before, newest))
    return lines


def _said(news: News) -> list[str]:
    when = say(SURE_SINCE, sure=confidence_of(news), date=day(news.date))
    cited = "".join([when, *sources(news.citations)])
    return [*_happened(news), cited, *credits_of({news.found_by})]


def _happened(news: News) -> list[str]:
    """How it stands and what happened, unless that is the same."""
    headline = say("{headline}", headline=news.headline)
    if news.is_rumour:
        return [headline]
    state = state_of(news)
    state_lines = [STATE.format(state=state)]
    return [*state_lines, headline] if says_more(news, state) else state_lines


def _corrected(before: Version, newest: Version) -> str:
    """What changed. Corrected words are not quoted: they may have told too much."""
    ago = Markup(f"<t:{newest.recorded_at}:R>")
    if newest.is_retracted:
        return say(RETRACTION_LINE, ago=ago, event=event_of(newest.news))
    if before.is_retracted:
        return say(TOLD_AGAIN_LINE, ago=ago)
    old, news = before.news, newest.news
    differs = {
        Markup(say("*{event}*", event=event_of(old))): event_of(old) != event_of(news),
        day(old.date): old.date != news.date,
        confidence_of(old): confidence_of(old) != confidence_of(news),
    }
    before_words = Markup(" · ".join(words for words, is_other in differs.items() if is_other))
    if not before_words:
        return say(REWORDED_LINE, ago=ago)
    has_come_true = old.is_rumour and not news.is_rumour
    return say(
        CONFIRMATION_LINE if has_come_true else CORRECTION_LINE, ago=ago, before=before_words
    )


def standing_button(show: str, nonce: str) -> ui.Button[Any]:
    """A button that tells how the show stands; its custom_id is what finds the announcement."""
    return ui.Button(label=HOW_IT_STANDS, custom_id=encode(STANDING, show, nonce))


def _told(
    row: Announcement, lines: list[str], button: ui.Button[Any], *, pings: int | None = None
) -> MessagePayload:
    if row.publish != NOT_PUBLISHED:  # of components nothing arrives where it is followed
        return MessagePayload(_plain(button), content="\n".join([*lines, SAFE_FOR_EVERYONE]))
    return MessagePayload(announcement_card(lines, button, pings=pings), pings=pings)


def _plain(button: ui.Button[Any]) -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(button)
    view.stop()
    return view


def announcement_card(told: list[str], *buttons: ui.Item[Any], pings: int | None = None) -> Card:
    """An announcement in a channel, with a role's ping above it."""
    ping = [ui.TextDisplay[Any](f"<@&{pings}>")] if pings else []
    text, small = ui.TextDisplay[Any]("\n".join(told)), ui.TextDisplay[Any](SAFE_FOR_EVERYONE)
    return Card(*ping, ui.Container(text, small, accent_colour=ACCENT), rows=[buttons])
