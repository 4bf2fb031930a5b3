"""What one person sees of a message, as JSON for the demo's page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.demo.markdown import PAIR, Node, blocks, link
from bot.ui.cards import REFUSED

Namer = Callable[[str, int], str | None]
Component = dict[str, Any]

STARTED_THREAD = "started a thread"
CANNOT_DRAW = "Something that this page cannot draw; in Discord it stands here."
COVERED_IN_FORM = "▮▮▮"
STAND_IN = "/static/poster.svg"  # in the place of every picture that is not an attachment
ENTITIES = {5: "user", 6: "role", 7: "user", 8: "channel"}  # types of selects


@dataclass(slots=True)
class Sight:
    """How one person sees one message: which covers they have opened, and which pictures show.

    `secret` makes the keys of covers, which say nothing of the words, and change with them: what
    is edited is covered again.
    """

    message: discord.Message
    opened: frozenset[str]
    namer: Namer
    secret: bytes
    everything: bool = False  # inside a covered container that is open
    pictures: set[int] = field(default_factory=set[int])  # ids of the attachments that are shown

    def name(self, kind: str, id: int) -> str | None:
        return self.namer(kind, id)

    def opens(self, place: str, words: str) -> str | None:
        told = f"{self.message.id}|{place}|{words}".encode()
        key = hashlib.blake2b(told, key=self.secret, digest_size=9).hexdigest()
        return None if self.everything or key in self.opened else key

    def drawn(self) -> Node:
        message = self.message
        parts: list[Any] = [component.to_dict() for component in message.components]
        return {
            "id": str(message.id),
            "author": message.author.display_name,
            "bot": message.author.bot,
            "at": int(message.created_at.timestamp()),
            "private": message.flags.ephemeral,
            "refused": is_refusal(parts),
            "edited": message.edited_at is not None,
            "reply": self._reply(),
            "parts": [*self._content(), *self._all(parts, "c"), *self._files()],
        }

    def _content(self) -> Iterator[Node]:
        message = self.message
        if message.type is discord.MessageType.thread_created:
            # A thread has the id of the message that it begins with.
            thread = message.reference and message.reference.message_id
            label = [f"{STARTED_THREAD}: {message.content}"]
            yield {"k": "go", "channel": str(thread), "message": None, "c": label}
        elif message.content:
            yield {"k": "text", "c": blocks(message.content, self, "t")}

    def _reply(self) -> Node | None:
        reference = self.message.reference
        is_reply = self.message.type is discord.MessageType.reply
        if not is_reply or reference is None or reference.message_id is None:
            return None
        return {"channel": str(reference.channel_id), "message": str(reference.message_id)}

    def _files(self) -> Iterator[Node]:
        """Attachments, unless components say where and how they stand."""
        if self.message.flags.components_v2:
            return
        for number, file in enumerate(self.message.attachments):
            yield self._covered(file.is_spoiler(), f"f{number}", file.url, self._media(file.url))

    def _all(self, components: Iterable[Any], place: str) -> list[Node]:
        return [self._one(one, f"{place}.{number}") for number, one in enumerate(components)]

    def _one(self, component: Component, place: str) -> Node:
        draw = _DRAWN.get(component["type"])
        return {"k": "unknown", "c": CANNOT_DRAW} if draw is None else draw(self, component, place)

    def row(self, component: Component, place: str) -> Node:
        return {"k": "row", "c": self._all(component["components"], place)}

    def button(self, component: Component, place: str) -> Node:
        emoji: str = component["emoji"]["name"] if component.get("emoji") else ""
        label = f"{emoji} {component.get('label') or ''}".strip()
        if component.get("url"):
            return {**link(component["url"], [label]), "button": True}
        return {
            "k": "button",
            "id": component["custom_id"],
            "label": label,
            "style": int(component["style"]),
            "disabled": bool(component.get("disabled")),
        }

    def select(self, component: Component, place: str) -> Node:
        return {"k": "select", **control(component)}

    def text(self, component: Component, place: str) -> Node:
        return {"k": "text", "c": blocks(component["content"], self, place)}

    def section(self, component: Component, place: str) -> Node:
        beside = self._one(component["accessory"], f"{place}.a")
        return {"k": "section", "c": self._all(component["components"], place), "beside": beside}

    def container(self, component: Component, place: str) -> Node:
        colour = component.get("accent_color")
        key = None
        if component.get("spoiler"):
            key = self.opens(place, json.dumps(component, sort_keys=True))
        if key is not None:
            inside: list[Node] = [{"k": "cover", "key": key}]
        else:
            before, self.everything = self.everything, self.everything or bool(component["spoiler"])
            inside = self._all(component["components"], place)
            self.everything = before
        return {"k": "box", "colour": colour and f"#{colour:06x}", "c": inside}

    def thumbnail(self, component: Component, place: str) -> Node:
        media = self._media(component["media"]["url"], component.get("description") or "")
        return self._covered(component.get("spoiler"), place, component["media"]["url"], media)

    def gallery(self, component: Component, place: str) -> Node:
        pictures = [
            self.thumbnail(item, f"{place}.{number}")
            for number, item in enumerate(component["items"])
        ]
        return {"k": "gallery", "c": pictures}

    def file(self, component: Component, place: str) -> Node:
        url = component["file"]["url"]
        return self._covered(component.get("spoiler"), place, url, self._media(url))

    def separator(self, component: Component, place: str) -> Node:
        return {"k": "rule"}

    def _covered(self, spoiler: object, place: str, told: str, node: Callable[[], Node]) -> Node:
        key = self.opens(place, told) if spoiler else None
        return node() if key is None else {"k": "cover", "key": key}

    def _media(self, url: str, alt: str = "") -> Callable[[], Node]:
        """Draws a picture or file; it counts as shown once it is drawn."""

        def draw() -> Node:
            for file in self.message.attachments:
                if url in {file.url, f"attachment://{file.filename}"}:
                    self.pictures.add(file.id)
                    is_picture = (file.content_type or "").startswith("image/")
                    kind = "picture" if is_picture else "file"
                    said = alt or file.description or ""
                    return {"k": kind, "file": str(file.id), "name": file.filename, "alt": said}
            return {"k": "picture", "src": STAND_IN, "alt": alt}

        return draw


_DRAWN: dict[int, Callable[[Sight, Component, str], Node]] = {
    1: Sight.row,
    2: Sight.button,
    3: Sight.select,
    **dict.fromkeys(ENTITIES, Sight.select),
    9: Sight.section,
    10: Sight.text,
    11: Sight.thumbnail,
    12: Sight.gallery,
    13: Sight.file,
    14: Sight.separator,
    17: Sight.container,
}

_TYPED = {4: "text", 3: "choice", 19: "file", 21: "radio", 22: "checks", 23: "check"}


def is_refusal(components: Iterable[Component]) -> bool:
    """Whether a message says no, which its edge shows."""
    return any(one.get("accent_color") == REFUSED.value for one in components)


def control(component: Component) -> Node:
    """What somebody fills in or chooses from, in a message or in a form."""
    kind = _TYPED.get(component["type"]) or ENTITIES[component["type"]]
    if kind == "text" and component.get("style") == discord.TextStyle.paragraph.value:
        kind = "area"
    options: Sequence[Component] = component.get("options") or ()
    return {
        "kind": kind,
        "id": component["custom_id"],
        "placeholder": component.get("placeholder") or "",
        "value": component.get("value") or "",
        "required": bool(component.get("required", kind != "check")),
        "disabled": bool(component.get("disabled")),
        "most": component.get("max_values") or 1,
        "options": [
            {
                "label": option["label"],
                "value": option["value"],
                "about": option.get("description") or "",
                "chosen": bool(option.get("default")),
            }
            for option in options
        ],
    }


def form(modal: Component) -> Node:
    """A form, with its fields in order; text between them stands as it is, without covers."""
    return {"title": modal["title"], "fields": list(_fields(modal["components"], ""))}


def _fields(components: Iterable[Component], label: str) -> Iterator[Node]:
    for component in components:
        match component["type"]:
            case 1:
                yield from _fields(component["components"], label)
            case 18:
                inside, about = component["component"], component.get("description") or ""
                for found in _fields([inside], component["label"]):
                    yield {**found, "about": about}
            case 10:
                yield {"kind": "note", "text": PAIR.sub(COVERED_IN_FORM, component["content"])}
            case _:
                named = component.get("label") or label
                yield {**control(component), "label": named, "about": ""}
