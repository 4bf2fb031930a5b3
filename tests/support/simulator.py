"""The simulated Discord, made fast enough for thousands of answers."""

from __future__ import annotations

import asyncio
import copy
import sys
from collections.abc import Sequence
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType, SimpleNamespace
from typing import Any

import simcord
from discord.ext.commands import bot as extensions
from simcord import _runtime, components, gateway, results
from simcord.backend import serializers
from simcord.http import router

REST = 0.004  # seconds after which a task waits for more than the database, at a guess


def copied(payload: Any) -> Any:
    """A deep copy of what is nearly always as plain as JSON."""
    if type(payload) is dict:
        return {key: copied(value) for key, value in payload.items()}
    if type(payload) is list:
        return [copied(value) for value in payload]
    is_fixed = isinstance(payload, (str, int, float, type(None)))
    return payload if is_fixed else copy.deepcopy(payload)


# The simulation copies every request and event whole, and looks for each callback that ran among
# all that wait, comparing them field by field: a third of the time of a sweep.
gateway.copy = router.copy = SimpleNamespace(deepcopy=copied)
components.deepcopy = results.deepcopy = serializers.deepcopy = copied
# As each feature is unloaded, it is compared with every module that there is.
extensions._is_submodule = cache(extensions._is_submodule)  # noqa: SLF001
_runtime._CallbackRecord.__eq__ = object.__eq__  # noqa: SLF001


class Once(MetaPathFinder, Loader):
    """Runs the code of each feature once in a process; every world then loads the same modules."""

    def __init__(self) -> None:
        self._loaders = dict[str, Loader]()
        self._modules = dict[str, ModuleType]()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        is_feature = fullname.startswith("cogs.")
        spec = PathFinder.find_spec(fullname, path, target) if is_feature else None
        if spec is not None and spec.loader is not None:
            self._loaders[fullname], spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._modules.get(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        if module is not self._modules.get(module.__name__):
            self._loaders[module.__name__].exec_module(module)
            self._modules[module.__name__] = module


sys.meta_path.insert(0, Once())


LONG_AGO = "2020-01-01T00:00:00+00:00"


class Quick(simcord.Env):
    """The simulated Discord, looking for quiet a hundred times as often as it does by itself.

    The bot has been on its servers for years, so it says hello to none of them.
    """

    def create_guild(self, *names: Any, **options: Any) -> simcord.GuildHandle:
        backend: Any = self.backend
        backend.now_iso = lambda: LONG_AGO
        try:
            return super().create_guild(*names, **options)
        finally:
            del backend.now_iso

    async def advance_time(self, seconds: float) -> None:
        """Let time pass, once a timer that came due on its own has had its way.

        Otherwise that one waits until this is over, and this until that is: neither ever is
        (`findings/simcord-waits-for-a-timer-that-waits-for-it.sh`). Its faults are raised as ever.
        """
        while (due := self._real_advance_task) is not None and not due.done():
            await asyncio.wait([due])  # it has a deadline of its own
        await super().advance_time(seconds)

    async def _settle_internal(self, *, idle: float = 0.0005, **options: Any) -> None:
        """Wait for what was begun since it was quiet, and only then look at all that there is."""
        rested = self.__dict__.setdefault("_rested", set())
        while busy := [task for task in self._work.tasks if not task.done() and task not in rested]:
            done, _ = await asyncio.wait(busy, timeout=REST)
            if not done:
                break
        await super()._settle_internal(idle=idle, **options)
        self._rested = {task for task in self._work.tasks if not task.done()}
