"""
title: Modelgate
author: Modelgate
version: 0.1.0
license: MIT
description: A chat reaches a model only if Modelgate allows it to the user. It refuses while Modelgate cannot be asked.
"""

# A filter of Open WebUI: see README.md beside this file. To try the settings of the environment:
# python3 modelgate.py user:usr_… gpt-4o-mini

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import os
import re
import ssl
import sys
import time
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import urlsplit

try:
    from pydantic import BaseModel, Field
except ImportError:  # Outside of Open WebUI, to try the settings.
    BaseModel = object  # type: ignore

    def Field(default: Any, **_: Any) -> Any:  # type: ignore
        return default


# ---- How Modelgate is asked: the same text in litellm/modelgate.py and open-webui/modelgate.py ----

log = logging.getLogger("modelgate")

Subject = Tuple[str, str]

SUBJECT_TYPES = ("user", "service", "team", "role")


class Undecided(Exception):
    """Modelgate could not be asked: it is away, slow or overloaded, or what it answers is no decision."""


class Refused(Exception):
    """Modelgate refuses the question itself, such as an unknown key: with any setting, no call is let through."""


class Decision(NamedTuple):
    allowed: bool
    reasons: Tuple[str, ...]
    message: str
    # As `provider/key`, whatever it was called; None for a model that is not known.
    model: Optional[str]
    cache_until: float


class Modelgate:
    """A decision point of AuthZEN 1.0, asked without blocking the event loop; decisions are cached for a while."""

    def __init__(self, url: str, api_key: str, organization: str = "", timeout: float = 2, cache_seconds: float = 5):
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            example = "https://modelgate.example.com, without a password"
            raise ValueError(f"The address of Modelgate (MODELGATE_URL) must be one like {example}")
        api_key = api_key.strip()
        if not api_key:
            raise ValueError("The API key of Modelgate (MODELGATE_API_KEY) is missing")
        # Else the error of http.client quotes it, and that is logged.
        if not re.fullmatch("[!-~]+", api_key):
            raise ValueError("The API key of Modelgate (MODELGATE_API_KEY) has characters that no key has")
        if not 0 < timeout < 86_400:
            raise ValueError("The timeout must be a number of seconds, such as 2")
        if not cache_seconds >= 0:
            raise ValueError("How long a decision is kept must be a number of seconds, such as 5")
        self._address = (parts.hostname, parts.port)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        # With or without the path of the graph.
        self._prefix = re.sub("/graphql$", "", parts.path.rstrip("/"))
        self._place = f"{parts.scheme}://{parts.netloc}{self._prefix}"
        self._headers = {"content-type": "application/json", "authorization": "Bearer " + api_key}
        if organization:
            self._headers["x-organization-id"] = organization
        self.timeout = timeout
        self._cache_seconds = cache_seconds
        self._cache: OrderedDict[Tuple[Subject, str], Decision] = OrderedDict()
        self._asked: Dict[Tuple[Subject, str], asyncio.Future] = {}
        self._threads = ThreadPoolExecutor(16, "modelgate")
        self._kept: Deque[http.client.HTTPConnection] = deque(maxlen=16)

    async def decide(self, subject: Subject, model: str) -> Decision:
        """Raises Undecided or Refused."""
        key = (subject, model)
        decision = self.cached(subject, model)
        if decision is not None:
            return decision
        loop = asyncio.get_running_loop()
        asked = self._asked.get(key)
        # Those who ask the same at the same time share one request.
        if asked is None or asked.get_loop() is not loop:
            question = {**self._question(subject), "resource": {"type": "model", "id": model}}
            asked = self._in_thread("/access/v1/evaluation", question)
            self._asked[key] = asked
            asked.add_done_callback(lambda _: self._asked.pop(key, None))
        decision = self._decision_of(await self._bounded(asked))
        if decision.cache_until > time.monotonic():
            self._cache[key] = decision
            if len(self._cache) > 10_000:
                self._cache.popitem(last=False)
        return decision

    def cached(self, subject: Subject, model: str) -> Optional[Decision]:
        decision = self._cache.get((subject, model))
        return decision if decision is not None and decision.cache_until > time.monotonic() else None

    async def allowed(self, subject: Subject, models: Sequence[str]) -> List[str]:
        """Those of the models that the subject may use, in their order. Raises Undecided or Refused."""
        allowed: List[str] = []
        for start in range(0, len(models), 100):
            some = models[start : start + 100]
            evaluations = [{"resource": {"type": "model", "id": model}} for model in some]
            question = {**self._question(subject), "evaluations": evaluations}
            answer = await self._bounded(self._in_thread("/access/v1/evaluations", question))
            decisions = answer.get("evaluations")
            if not isinstance(decisions, list) or len(decisions) != len(some):
                raise Undecided("it answered no list of decisions")
            allowed += [model for model, one in zip(some, decisions) if self._decision_of(one).allowed]
        return allowed

    def post(self, path: str, body: Any, deadline: float) -> Dict[str, Any]:
        """Blocks, until `deadline` at most. Raises Undecided or Refused."""
        content = json.dumps(body).encode()
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Undecided("it did not answer in time")
            try:
                connection, is_kept = self._kept.pop(), True
            except IndexError:
                connection, is_kept = self._connect(), False
            try:
                connection.timeout = left
                if connection.sock is not None:
                    connection.sock.settimeout(left)
                connection.request("POST", self._prefix + path, content, self._headers)
                status, text = self._read(connection, deadline)
                return self._answer_of(status, text)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                # One that was kept may have been closed on the other side: then a new one is tried.
                if not is_kept:
                    raise Undecided(f"it did not answer at {self._place} ({type(error).__name__})") from error

    def _connect(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(*self._address)
        return http.client.HTTPSConnection(*self._address, context=self._tls)

    def _read(self, connection: http.client.HTTPConnection, deadline: float) -> Tuple[int, bytes]:
        sock = connection.sock
        response = connection.getresponse()
        text = b""
        # Piece by piece: an answer of one byte a second would never reach the timeout of the socket.
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or len(text) > 1_000_000:
                raise OSError("too slow or too long")
            sock.settimeout(left)
            piece = response.read1(65_536)
            if not piece:
                break
            text += piece
        response.close()
        if connection.sock is not None:
            self._kept.append(connection)
        return response.status, text

    def _answer_of(self, status: int, text: bytes) -> Dict[str, Any]:
        if status in (408, 425, 429) or status >= 500:
            raise Undecided(f"it answered {status}")
        if status == 404:
            raise Refused(f"there is no Modelgate at {self._place}: it answered 404")
        if status != 200:
            raise Refused(f"it answered {status}: {text[:200].decode(errors='replace')}")
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise Undecided("its answer is no JSON object")
        return answer

    @staticmethod
    def _question(subject: Subject) -> Dict[str, Any]:
        return {"subject": {"type": subject[0], "id": subject[1]}, "action": {"name": "use"}}

    def _in_thread(self, path: str, question: Any) -> asyncio.Future:
        # What has waited for a thread for too long is not sent: `post` looks at its deadline first.
        deadline = time.monotonic() + self.timeout
        return asyncio.get_running_loop().run_in_executor(self._threads, self.post, path, question, deadline)

    async def _bounded(self, asked: asyncio.Future) -> Dict[str, Any]:
        # Else an answer that nobody waits for any more is told to be an error of the program.
        asked.add_done_callback(lambda future: future.cancelled() or future.exception())
        try:
            return await asyncio.wait_for(asyncio.shield(asked), self.timeout)
        except asyncio.TimeoutError:
            raise Undecided("it did not answer in time") from None

    def _decision_of(self, answer: Any) -> Decision:
        allowed = answer.get("decision") if isinstance(answer, dict) else None
        if not isinstance(allowed, bool):
            raise Undecided("its answer is no decision")
        context = answer.get("context")
        context = context if isinstance(context, dict) else {}
        reasons = context.get("reasons")
        reasons = tuple(str(reason) for reason in reasons) if isinstance(reasons, list) else ()
        told = context.get("reason_user")
        told = next(iter(told.values()), None) if isinstance(told, dict) else told
        message = told if isinstance(told, str) else "Your organization does not allow this model"
        model = context.get("model")
        model = model if isinstance(model, str) else None
        seconds = min(self._cache_seconds, seconds_until(context.get("valid_until")))
        return Decision(allowed, reasons, message, model, time.monotonic() + seconds)


def seconds_until(moment: Any) -> float:
    if moment is None:
        return float("inf")
    try:
        return datetime.fromisoformat(str(moment).replace("Z", "+00:00")).timestamp() - time.time()
    except (ValueError, OverflowError):
        return 0.0


def is_ambiguous(body: Any) -> bool:
    """Whether it has another `Model`: parsers that know no case take one or the other."""
    return isinstance(body, dict) and any(str(key).lower() == "model" and key != "model" for key in body)


def try_settings(connect: Callable[[], Modelgate], arguments: Sequence[str]) -> int:
    """Asks for one decision, as `user:usr_… gpt-4o-mini`, and prints it."""
    kind, _, subject = arguments[0].partition(":") if len(arguments) == 2 else ("", "", "")
    if kind not in SUBJECT_TYPES or not subject:
        types = ", ".join(SUBJECT_TYPES)
        print(f"Give a subject ({types}) and a model: user:usr_… gpt-4o-mini", file=sys.stderr)
        return 2
    try:
        decision = asyncio.run(connect().decide((kind, subject), arguments[1]))
    except (Undecided, Refused, ValueError) as error:
        print(f"Modelgate cannot be asked: {error}", file=sys.stderr)
        return 2
    if decision.allowed:
        print(f"allowed: {decision.model}")
        return 0
    print(f"refused ({', '.join(decision.reasons)}): {decision.message}")
    return 1


# ---- The end of what both have ----


class Filter:
    class Valves(BaseModel):
        priority: int = Field(100, description="Runs after filters with less, which may choose another model")
        url: str = Field(
            os.environ.get("MODELGATE_URL", ""), description="Where Modelgate is: https://modelgate.example.com"
        )
        api_key: str = Field(
            os.environ.get("MODELGATE_API_KEY", ""), description="An API key of Modelgate with the scope read"
        )
        organization_id: str = Field(
            os.environ.get("MODELGATE_ORGANIZATION_ID", ""), description="Only for a key of several organizations"
        )
        fail: str = Field(
            os.environ.get("MODELGATE_FAIL") or "closed",
            description="While Modelgate cannot be asked, a chat is refused (closed) or let through (open)",
            json_schema_extra={"enum": ["closed", "open"]},
        )
        timeout_seconds: float = Field(2.0, description="How long an answer of Modelgate is waited for")
        cache_seconds: float = Field(5.0, description="For how long a decision is kept; 0 asks each time")
        subjects: str = Field(
            "{}", description='Who users are at Modelgate, by id or e-mail address: {"lena@example.com": "user:usr_…"}'
        )
        other_users: str = Field(
            "", description="Whom Modelgate decides for where a user is not listed, such as role:member; empty: refused"
        )

    def __init__(self) -> None:
        self.valves = self.Valves()
        self._gate: Optional[Tuple[Tuple[Any, ...], Modelgate]] = None

    async def inlet(
        self,
        body: Dict[str, Any],
        __user__: Optional[Dict[str, Any]] = None,
        __model__: Optional[Dict[str, Any]] = None,
    ) -> Dict[str, Any]:
        """Open WebUI shows what is raised here in place of an answer, and calls no model."""
        # A model of the workspace has a name of its own: what counts is the model below it.
        info = (__model__ or {}).get("info") or {}
        model = info.get("base_model_id") or body.get("model")
        if not isinstance(model, str) or not model or is_ambiguous(body):
            raise Exception("Modelgate: the chat names no model, or two, so it is refused")
        subject = self._subject(__user__ or {})
        try:
            decision = await self._modelgate().decide(subject, model)
        except (Undecided, Refused, ValueError) as error:
            is_open = self.valves.fail == "open" and isinstance(error, Undecided)
            outcome = "let through" if is_open else "refused"
            log.warning("Modelgate could not be asked: %s; the chat is %s", error, outcome)
            if is_open:
                return body
            raise Exception("Modelgate cannot be asked whether this model is allowed; try again later") from error
        if not decision.allowed:
            raise Exception(f"{decision.message} ({', '.join(decision.reasons)})")
        return body

    def _subject(self, user: Dict[str, Any]) -> Subject:
        try:
            subjects = json.loads(self.valves.subjects)
        except ValueError:
            subjects = None
        if not isinstance(subjects, dict):
            raise Exception("Modelgate: the valve subjects is no JSON object, so all chats are refused")
        names = (user.get("id"), user.get("email"))
        found = next((subjects[name] for name in names if name in subjects), self.valves.other_users)
        kind, _, subject = str(found).partition(":")
        if not subject:
            raise Exception("Modelgate: it is not known who you are there, so the chat is refused")
        return (kind, subject)

    def _modelgate(self) -> Modelgate:
        """With the valves as they are: Open WebUI sets them anew for each chat."""
        valves = self.valves
        settings = (valves.url, valves.api_key, valves.organization_id, valves.timeout_seconds, valves.cache_seconds)
        if self._gate is None or self._gate[0] != settings:
            self._gate = (settings, Modelgate(*settings))
        return self._gate[1]


if __name__ == "__main__":
    sys.exit(try_settings(Filter()._modelgate, sys.argv[1:]))
