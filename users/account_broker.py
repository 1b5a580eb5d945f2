"""Deals accounts to users wherever they run: the pool lives in one process, workers ask it by message."""

from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

import itertools
from collections import defaultdict
from dataclasses import asdict
from typing import Any, Protocol

from gevent.event import AsyncResult

from internals.of_locust import present_workers
from users.accounts import Account, AccountPool

WANTED, DEALT, RETURNED = "account_wanted", "account_dealt", "account_returned"
ASK_AGAIN_SECONDS = 10.0


class AccountBroker(Protocol):
    """Where a user gets its account, and gives it back."""

    def take(self, role: str) -> Account: ...

    def give_back(self, account: Account) -> None: ...


class MasterBroker:
    """Deals from the master's pool to workers; what a lost worker held is dealt again only when nothing else is left.

    A worker that the master lost sight of may still be running its users, so its accounts are the last choice.
    """

    def __init__(self, pool: AccountPool, runner: MasterRunner) -> None:
        self._pool = pool
        self._runner = runner
        self._held: dict[str, list[Account]] = defaultdict(list)
        runner.register_message(WANTED, self._on_wanted)
        runner.register_message(RETURNED, self._on_returned)

    def reset(self) -> None:
        """A new test starts: nobody holds an account."""
        self._pool.reset()
        self._held.clear()

    def _on_wanted(self, environment: Environment, msg: Any, **_: Any) -> None:
        role = msg.data["role"]
        if not self._pool.has_free(role):
            self._take_from_lost_workers()
        account = self._pool.take(role)
        self._held[msg.node_id].append(account)
        dealt = {"ticket": msg.data["ticket"], "account": asdict(account)}
        self._runner.send_message(DEALT, dealt, client_id=msg.node_id)

    def _on_returned(self, environment: Environment, msg: Any, **_: Any) -> None:
        for account in self._held[msg.node_id]:
            if (account.role, account.username) == (msg.data["role"], msg.data["username"]):
                self._held[msg.node_id].remove(account)
                self._pool.give_back(account)
                return

    def _take_from_lost_workers(self) -> None:
        present = present_workers(self._runner)
        for lost in self._held.keys() - present:
            for account in self._held.pop(lost):
                self._pool.give_back(account)


class WorkerBroker:
    """Asks the master for each account; a user waits until it has one."""

    def __init__(self, runner: WorkerRunner) -> None:
        self._runner = runner
        self._tickets = itertools.count()
        self._waiting: dict[int, AsyncResult[Account]] = {}
        runner.register_message(DEALT, self._on_dealt)

    def take(self, role: str) -> Account:
        ticket = next(self._tickets)
        answer = self._waiting[ticket] = AsyncResult()
        try:
            while True:
                self._runner.send_message(WANTED, {"role": role, "ticket": ticket})
                account: Account | None = answer.wait(ASK_AGAIN_SECONDS)
                if account is not None:
                    return account
        finally:
            del self._waiting[ticket]

    def give_back(self, account: Account) -> None:
        self._runner.send_message(RETURNED, {"role": account.role, "username": account.username})

    def _on_dealt(self, environment: Environment, msg: Any, **_: Any) -> None:
        account = Account(**msg.data["account"])
        answer = self._waiting.get(msg.data["ticket"])
        if answer is None or answer.ready():
            self.give_back(account)
        else:
            answer.set(account)
