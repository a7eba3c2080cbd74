"""Modelgate for LiteLLM's proxy: a call is made only if Modelgate allows its caller the model.

See README.md beside this file. As a callback of the proxy: `callbacks: modelgate.modelgate`. To try the settings:
`python3 modelgate.py user:usr_… gpt-4o-mini`.
"""

from __future__ import annotations

import asyncio
import atexit
import http.client
import json
import logging
import os
import queue
import re
import ssl
import sys
import threading
import time
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import quote, urlsplit

try:
    from litellm.integrations.custom_logger import CustomLogger
except ImportError:  # Outside of LiteLLM, to try the settings.
    CustomLogger = object  # type: ignore

try:
    from fastapi import HTTPException
except ImportError:  # As above; the proxy of LiteLLM always has it.

    class HTTPException(Exception):  # type: ignore
        def __init__(self, status_code: int, detail: str) -> None:
            super().__init__(detail)
            self.status_code = status_code
            self.detail = detail


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


def gate_of(env: Any) -> Modelgate:
    return Modelgate(
        env.get("MODELGATE_URL", ""),
        env.get("MODELGATE_API_KEY", ""),
        env.get("MODELGATE_ORGANIZATION_ID", ""),
        seconds_in(env, "MODELGATE_TIMEOUT_SECONDS", "2"),
        seconds_in(env, "MODELGATE_CACHE_SECONDS", "5"),
    )


def seconds_in(env: Any, name: str, default: str) -> float:
    try:
        return float(env.get(name) or default)
    except ValueError:
        raise ValueError(f"{name} must be a number of seconds, such as {default}") from None


# How the types of calls begin that reach no model, and so name none. What else names no model is refused.
WITHOUT_MODEL = "call_mcp_tool,list_mcp_tools,create_file,file_,get_,list_,retrieve_,delete_,cancel_"
# The models of a batch are in its file, which nobody reads here.
BATCHES = ("create_batch", "acreate_batch")


class ModelgateHandler(CustomLogger):
    """What LiteLLM calls before and after each call."""

    def __init__(self, env: Any = os.environ) -> None:
        super().__init__()
        self._fail = env.get("MODELGATE_FAIL") or "closed"
        if self._fail not in ("closed", "open"):
            raise ValueError("MODELGATE_FAIL must be closed or open")
        # Pairs of a type of subject and the field of a key that has its id, or its id itself behind a =; the first that
        # a key has counts.
        subjects = env.get("MODELGATE_SUBJECTS") or "user:user_id,team:team_id"
        self._subjects = [tuple(pair.strip().split(":", 1)) for pair in subjects.split(",")]
        if any(len(pair) != 2 or pair[0] not in SUBJECT_TYPES for pair in self._subjects):
            types = ", ".join(SUBJECT_TYPES)
            raise ValueError(f"MODELGATE_SUBJECTS must be pairs such as user:user_id,team:team_id, of {types}")
        without = [WITHOUT_MODEL, env.get("MODELGATE_CALLS_WITHOUT_MODEL", "")]
        self._without_model = tuple(name for name in ",".join(without).replace(" ", "").split(",") if name)
        self._gate = gate_of(env)
        organization = env.get("MODELGATE_ORGANIZATION_ID", "")
        self._usage = UsageReport(self._gate, organization) if organization else None

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: Dict[str, Any], call_type: str
    ) -> None:
        # Most types have two names: list_batches, and alist_batches for the same.
        if any(name.startswith(self._without_model) for name in (call_type, call_type[1:])):
            return
        subject = self._subject(lambda field: getattr(user_api_key_dict, field, None))
        names = [data.get("model")] if call_type not in BATCHES else [None]
        # A caller may name models to fall back to, as texts or as requests.
        fallbacks = data.get("fallbacks")
        for fallback in fallbacks if isinstance(fallbacks, list) else []:
            names.append(fallback.get("model") if isinstance(fallback, dict) else fallback)
        if is_ambiguous(data):
            raise HTTPException(status_code=403, detail="Modelgate: the call has model in two cases (MODEL_AMBIGUOUS)")
        if len(names) > 10:
            raise HTTPException(status_code=403, detail="Modelgate: a call may name 10 models at most")
        for name in names:
            await self._require(subject, name)

    async def async_filter_deployments(
        self,
        model: str,
        healthy_deployments: List[Any],
        messages: Any = None,
        request_kwargs: Optional[Dict[str, Any]] = None,
        parent_otel_span: Any = None,
    ) -> List[Any]:
        """Fallbacks of the router's configuration never pass async_pre_call_hook; they pass here."""
        kwargs = request_kwargs or {}
        subjects = {self._subject_in(kwargs.get(name)) for name in ("metadata", "litellm_metadata")}
        # A caller can write one of the two: both must be allowed the model.
        for subject in subjects - {None}:
            await self._require(subject, model)
        return healthy_deployments

    async def async_filter_listed_models(self, user_api_key_dict: Any, model_names: Sequence[str]) -> Sequence[str]:
        subject = self._subject(lambda field: getattr(user_api_key_dict, field, None))
        if subject is None:
            return []
        try:
            return await self._gate.allowed(subject, list(model_names))
        except (Undecided, Refused) as error:
            self._unless_open(error)
            return model_names

    async def async_log_success_event(
        self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        if self._usage is None:
            return
        payload = kwargs.get("standard_logging_object") or {}
        model = payload.get("model_group") or kwargs.get("model")
        # What came from LiteLLM's cache used no model.
        if not model or payload.get("cache_hit"):
            return
        subject = self._subject_in(payload.get("metadata"))
        decision = self._gate.cached(subject, model) if subject else None
        ended = payload.get("endTime")
        ended = ended if isinstance(ended, (int, float)) else time.time()
        self._usage.add(
            {
                "id": str(kwargs.get("litellm_call_id") or payload.get("id"))[:200],
                "modelKey": decision.model if decision and decision.model else model,
                "promptTokens": int(payload.get("prompt_tokens") or 0),
                "completionTokens": int(payload.get("completion_tokens") or 0),
                "usedAt": datetime.fromtimestamp(ended, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                **({"userId": subject[1]} if subject and subject[0] == "user" else {}),
            }
        )

    def _subject(self, read: Any) -> Optional[Subject]:
        for kind, field in self._subjects:
            value = field[1:] if field.startswith("=") else read(field)
            if isinstance(value, str) and value:
                return (kind, value)
        return None

    def _subject_in(self, metadata: Any) -> Optional[Subject]:
        """As LiteLLM writes the key of a call into its metadata."""
        if not isinstance(metadata, dict):
            return None
        return self._subject(lambda field: metadata.get("user_api_key_" + field))

    async def _require(self, subject: Optional[Subject], model: Any) -> None:
        if subject is None:
            fields = " or ".join(field for _, field in self._subjects)
            raise HTTPException(status_code=403, detail=f"Modelgate: this key has no {fields} to decide for")
        if not isinstance(model, str) or not model:
            raise HTTPException(status_code=403, detail="Modelgate: the call names no model (MODEL_NOT_IN_REQUEST)")
        try:
            decision = await self._gate.decide(subject, model)
        except (Undecided, Refused) as error:
            self._unless_open(error)
            return
        if not decision.allowed:
            raise HTTPException(status_code=403, detail=f"{decision.message} ({', '.join(decision.reasons)})")

    def _unless_open(self, error: Exception) -> None:
        is_open = self._fail == "open" and isinstance(error, Undecided)
        outcome = "let through" if is_open else "refused"
        log.warning("Modelgate could not be asked: %s; the call is %s", error, outcome)
        if not is_open:
            detail = "Modelgate cannot be asked whether this model is allowed; try again later"
            raise HTTPException(status_code=503, detail=detail) from error


class UsageReport:
    """Sends what was used, from a thread of its own, so that no call waits for it; again until it is taken."""

    def __init__(self, gate: Modelgate, organization: str, wait_seconds: float = 1.0) -> None:
        self._gate = gate
        self._path = f"/v1/organizations/{quote(organization, safe='')}/usage"
        self._records: queue.Queue = queue.Queue(10_000)
        self._wait_seconds = wait_seconds
        # Nobody waits for it, and a batch takes longer to write than a decision.
        self._timeout = 5 * gate.timeout
        self._is_ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="modelgate-usage", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def add(self, record: Dict[str, Any]) -> None:
        try:
            self._records.put_nowait(record)
        except queue.Full:
            log.error("Modelgate was away for long: the usage of call %s is lost", record["id"])

    def close(self) -> None:
        """Sends what there is, once. Waits no longer than the request under way and the last one may take."""
        self._is_ending.set()
        try:
            self._records.put_nowait(None)  # Wakes the thread.
        except queue.Full:
            pass
        self._thread.join(2 * self._timeout + 1)

    def _run(self) -> None:
        batch: List[Dict[str, Any]] = []
        pause = self._wait_seconds
        while True:
            is_last = self._is_ending.is_set()
            self._fill(batch)
            try:
                self._send(batch)
                batch, pause = [], self._wait_seconds
            except Undecided as error:
                if is_last:
                    log.error("Modelgate took no usage: %s; that of %d calls is lost", error, len(batch))
                    return
                # Each is recorded once, however often it is sent: its id tells.
                log.warning("Modelgate took no usage: %s; %d reports are sent again in %g s", error, len(batch), pause)
                self._is_ending.wait(pause)
                pause = min(pause * 2, 60.0)
            if is_last and self._records.empty():
                return

    def _fill(self, batch: List[Dict[str, Any]]) -> None:
        until = time.monotonic() + self._wait_seconds
        while len(batch) < 500:
            left = 0.0 if self._is_ending.is_set() else max(until - time.monotonic(), 0.0)
            try:
                record = self._records.get(timeout=left) if left > 0 else self._records.get_nowait()
            except queue.Empty:
                return
            if record is not None:
                batch.append(record)

    def _send(self, batch: List[Dict[str, Any]]) -> None:
        if not batch:
            return
        try:
            answer = self._gate.post(self._path, {"records": batch}, time.monotonic() + self._timeout)
            for one in answer.get("rejected") or []:
                log.error("Modelgate rejected a report of usage: %s", one)
        except Refused as error:
            log.error("Modelgate refused %d reports of usage: %s", len(batch), error)


if __name__ == "__main__":
    sys.exit(try_settings(lambda: ModelgateHandler()._gate, sys.argv[1:]))
else:
    modelgate = ModelgateHandler()
