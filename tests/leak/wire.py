"""The wire: everything that leaves the bot, noted at the transport with who will read it."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.support.world import World

EPHEMERAL = 1 << 6
ANSWER, DEFER, DEFER_EDIT, EDIT, CHOICES, MODAL = 4, 5, 6, 7, 8, 9

# Ids of views in memory, of cards and of what they are about, the revision at the end of an Undo
# button's id, nonces, and moments.
_RANDOM_ID = re.compile(
    r"\b(?:[0-9a-f]{32}|[0-9a-f]{24})\b|(?<=\|)[0-9a-f]{16}(?:-\d+)?\b"
    r"|(?<=\|)\d+(?=\")|(?<=\|)\d{10,19}(?=\|)"
    r"|(?<=\"nonce\": )\"?[0-9a-f]+\b\"?|(?<=<t:)\d+"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One payload. `channel` is set where a channel's readers see it, `private` where one does."""

    kind: str  # answer | choices | modal | defer | post | log | other
    private: bool
    channel: int | None
    body: dict[str, Any]
    text: str  # all of it, files and address included

    @property
    def shape(self) -> str:
        """The payload without what differs from one sending to the next."""
        return _shape(self.text)


@lru_cache(maxsize=4096)  # most of what is sent has been sent before, and is asked about twice
def _shape(text: str) -> str:
    return _RANDOM_ID.sub("#", text)


class Wire:
    """Notes every request; what the simulation has accepted once it need not check again."""

    def __init__(self, world: World) -> None:
        self.backend = world.env.backend
        self.sent: list[Sent] = []
        self.pressed_in_private = True  # whether the message being pressed is for one person
        self.has_changed = False  # whether the bot changed anything by itself, not by an answer
        self._accepted: set[str] = set()
        self._deferred: dict[str, bool] = {}
        adapter, http = world.env._webhook_adapter, world.bot.http  # noqa: SLF001  # no public door
        self._answer, self._request = adapter.request, http.request
        adapter.request, http.request = self.answer, self.request

    async def request(self, route: Any, **options: Any) -> Any:
        """What the bot does with its own token: read by whoever sees the channel."""
        body = options.get("json") or _payload(options.get("form"))
        text = _text(route, body, options.get("params"), options.get("files"))
        found = re.search(r"/channels/(\d+)/messages", route.url)
        channel = int(found[1]) if found else None
        kind = "post" if found and route.method in {"POST", "PATCH"} else "other"
        self.has_changed |= route.method != "GET"
        self.sent.append(Sent(kind, private=False, channel=channel, body=body, text=text))
        try:
            return await self._request(route, **options)
        except Exception as error:
            # The simulation does not know of Spoiler Channels, the one thing we set on a channel.
            if type(error).__name__ == "UnsupportedField" and body.keys() == {"flags"}:
                return {}
            raise

    async def answer(self, route: Any, session: Any, **options: Any) -> Any:
        """What the bot answers to interactions, and adds to its answers."""
        body = options.get("payload") or _payload(options.get("multipart"))
        text = _text(route, body, options.get("params"), options.get("files"))
        callback = re.search(r"/interactions/(\d+)/([^/]+)/callback", route.url)
        if callback is None:
            self.sent.append(self._followup(route, body, text))
            return await self._answer(route, session, **options)
        record = self.backend.interactions[int(callback[1])]
        sent = self._callback(body, text, record)
        self.sent.append(sent)
        if not record.responded and text in self._accepted:
            return _accepted_again(record, body, sent)
        reply = await self._answer(route, session, **options)
        if body["type"] in (ANSWER, EDIT, CHOICES) and not options.get("files"):
            self._accepted.add(text)
        return reply

    def _callback(self, body: dict[str, Any], text: str, record: Any) -> Sent:
        kind, data = body["type"], body.get("data") or {}
        flagged = bool(int(data.get("flags") or 0) & EPHEMERAL)
        private = {ANSWER: flagged, DEFER: flagged}.get(kind, True)
        if kind in (EDIT, DEFER_EDIT):
            private = self.pressed_in_private
        self._deferred[record.token] = private
        name = {ANSWER: "answer", EDIT: "answer", CHOICES: "choices", MODAL: "modal"}
        return Sent(name.get(kind, "defer"), private, record.channel_id, data, text)

    def _followup(self, route: Any, body: dict[str, Any], text: str) -> Sent:
        found = re.search(r"/webhooks/\d+/([^/]+)(/messages/@original)?", route.url)
        token = found[1] if found else ""
        record = self.backend.interactions.get(self.backend.interaction_tokens.get(token, 0))
        if record is None:
            return Sent("other", private=False, channel=None, body=body, text=text)
        # The first word after a deferral takes the deferral's visibility, whatever it asks for.
        fixed = found is not None and (found[2] is not None or record.loading)
        flagged = bool(int(body.get("flags") or 0) & EPHEMERAL)
        private = self._deferred.get(token, False) if fixed else flagged
        kind = "answer" if body else "other"
        return Sent(kind, private, record.channel_id, body, text)

    def forget(self) -> None:
        """Let go of what a case left behind, so that memory stays flat."""
        self.sent.clear()
        self.has_changed = False
        self._deferred.clear()
        self.backend.http_requests.clear()
        self.backend.transcript.clear()
        self.backend.interactions.clear()
        self.backend.interaction_tokens.clear()


class Log(logging.Handler):
    """Notes what the bot writes into its own log: who runs it may have seen nothing."""

    def __init__(self, holder: Any) -> None:
        super().__init__()
        self._holder = holder  # its wire is another one after a restart

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        sent = Sent("log", private=False, channel=None, body={}, text=text)
        self._holder.wire.sent.append(sent)


def _accepted_again(record: Any, body: dict[str, Any], sent: Sent) -> dict[str, Any]:
    """The reply Discord gave to the same answer before."""
    match body["type"]:
        case 4:
            record.respond_with_message(record.id, ephemeral=sent.private)
        case 7:
            record.update_source(record.source_message_id)
        case _:
            record.complete_autocomplete(body["data"]["choices"])
    told = {"id": str(record.id), "type": record.type, "activity_instance_id": None}
    message = str(record.message_id) if record.message_id else None
    return {"interaction": told | {"response_message_id": message}}


def _payload(parts: list[dict[str, Any]] | None) -> dict[str, Any]:
    """The JSON of a request with files."""
    for part in parts or ():
        if part.get("name") == "payload_json":
            return json.loads(part["value"])
    return {}


def _text(route: Any, body: Any, params: Any, files: Any) -> str:
    told = json.dumps([body, params], default=str)
    # The address of an answer holds its token, which differs each time and tells nothing.
    address = "" if "/callback" in route.url or "/webhooks/" in route.url else route.url
    for file in files or ():
        told += f"{file.filename} {file.description} {file.fp.read().decode(errors='replace')}"
        file.fp.seek(0)
    return f"{route.method} {address} {told}"
