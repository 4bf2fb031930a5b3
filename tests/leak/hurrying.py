"""Hurrying: the simulated Discord, waiting for the bot's own tasks and for nothing else."""

from __future__ import annotations

import asyncio
from contextvars import Context
from typing import Any

from discord import ui
from discord.ext import commands

from bot.context import Bot
from bot.spoilers.share import SHARE_COOLDOWNS

# Each form and view in memory has one, which rests for as long as somebody may answer.
_TIMER = ui.view.BaseView._BaseView__timeout_task_impl.__code__  # type: ignore[attr-defined]  # noqa: SLF001


def hurry(env: Any) -> None:
    """Wait for the bot's own tasks instead of for 50 ms of quiet: a hundredfold for a sweep."""
    settle, resting = env._settle_internal, set(env._work.tasks)  # noqa: SLF001  # no public door

    async def at_once(**options: Any) -> None:
        await asyncio.sleep(0)
        while busy := [task for task in env._work.tasks if is_busy(task)]:  # noqa: SLF001
            done, _ = await asyncio.wait(busy, timeout=0.02)
            if not done:  # a task that rests, such as a wait before another try
                await settle(**{"idle": 0.0005} | options)
                return
        await asyncio.sleep(0)  # what became of the tasks is looked at in a callback
        # Timers that were called off are let go only here, and all are looked through each time.
        env._work.callbacks = [one for one in env._work.callbacks if not one.handle.cancelled()]  # noqa: SLF001

    def is_busy(task: asyncio.Task[Any]) -> bool:
        return not task.done() and task not in resting and not _is_timer(task)

    env._settle_internal = at_once  # noqa: SLF001
    _let_tasks_go_on(env)


def _let_tasks_go_on(env: Any) -> None:
    """Write down no turn of a task: only the tasks themselves are waited for."""
    loop: Any = asyncio.get_running_loop()
    noted, unnoted = loop.call_soon, env._runtime.call_soon  # noqa: SLF001

    def call_soon(callback: Any, *args: Any, context: Context | None = None) -> asyncio.Handle:
        is_turn = isinstance(getattr(callback, "__self__", None), asyncio.Task)
        return (unnoted if is_turn else noted)(callback, *args, context=context)

    loop.call_soon = call_soon


def _is_timer(task: asyncio.Task[Any]) -> bool:
    return getattr(task.get_coro(), "cr_code", None) is _TIMER


def let_share_at_once(bot: Bot) -> None:
    """Let everybody share as often as they like."""
    free = commands.DynamicCooldownMapping[Any](lambda _: None, lambda _: None)
    bot.registry.cooldowns.add(free, SHARE_COOLDOWNS, owner=None)
