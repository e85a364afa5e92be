"""From an HTTP request to its response, for the endpoints that answer from the store."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from ..errors import ConfigError
from ..items import iso
from ..reports.answers import with_capacity
from ..settings import Settings
from ..stores import Store, open_store
from .access import Grant, granted, read_public
from .counter import SVG
from .endpoints import BATCH, ENDPOINTS, Answer, Endpoint
from .errors import Refused, bad_request, error_response, unauthorized
from .parameters import Question, read_parameters
from .pool import LeasedStore, StorePool
from .reading import ClientLeft, read_for
from .request import ApiRequest
from .responses import cacheable, csv_response, envelope_headers, json_response

# Lambda's limit is 6 MB, and a larger answer would fail with an error that does not say why.
MOST_BYTES = 5_000_000
# What every token opens: the dashboard needs it to know what it can ask.
TO_ALL = ("/api/v1/sites", "/api/v1/dimensions")
CLIENT_LEFT = 499  # as proxies log it; nobody sees it
# What to change if an answer is too large: the first of these that the endpoint takes.
MAKE_IT_SMALLER = ("limit", "prefix", "ask", "period")


class Service:
    """Answers the requests of every endpoint from the store of `settings`."""

    def __init__(self, settings: Settings, *, asks_token: bool):
        """Raises ConfigError for settings that cannot be served."""
        public = read_public(settings["public"])
        self.settings = settings
        self.asks_token = asks_token
        self.public = public if asks_token else {}  # without tokens everything is open, and cached only by the client
        self._stores = StorePool(self._open_store)

    def _open_store(self) -> Store:
        return open_store(self.settings["store"], self.settings["item"], self.settings.keep)

    def respond(self, path: str, request: Request) -> Response:
        """The response of the endpoint at `path`; raises StoreError when its store cannot be read."""
        with self._stores.lease() as leased:
            caller = Caller(self, read_for(request, leased.store), request.headers.get("authorization"))
            try:
                pairs = [*request.path_params.items(), *request.query_params.multi_items()]
                return _respond(request, caller.ask(path, pairs), leased)
            except Refused as refused:
                return refused.response()
            except ClientLeft:
                return Response(None, CLIENT_LEFT)

    def answer(self, path: str, pairs: Sequence[tuple[str, str]]) -> Answer:
        """The answer of the endpoint at `path` to the owner, without HTTP; raises Refused and StoreError."""
        with self._stores.lease() as leased:
            return _with_reach(Caller(self, leased.store, None).ask(path, pairs))


class Answered(NamedTuple):
    """A question and its answer."""

    endpoint: Endpoint
    asked: ApiRequest
    answer: Answer
    complete_until: str | None


class Caller:
    """The sender of a request, and their access."""

    def __init__(self, service: Service, store: Store, authorization: str | None):
        self._service, self._store, self._authorization = service, store, authorization

    def ask(self, path: str, pairs: Sequence[tuple[str, str]], *, without: str | None = None) -> Answered:
        """The answer of the endpoint at `path`, with the parameter `without` not allowed. Raises Refused."""
        endpoint, public = ENDPOINTS[path], self._service.public
        if path not in public and endpoint.needs_token:
            self._needs_token()
        parameters = {name: row for name, row in endpoint.parameters.items() if name != without}
        try:
            values = read_parameters(pairs, parameters, endpoint.required, endpoint.bare)
        except ConfigError as error:
            raise bad_request(error) from error
        grant = self._grant
        only = grant.only if grant else None
        asked = ApiRequest(self._store, self._service.settings, values, self._answers_to, public.get(path, ()), only)
        if endpoint.needs_token and not (path in public and asked.is_public):
            self._needs_token()
            if only is not None and not _is_granted(path, endpoint, asked, only):
                raise Refused(403, f"this token only gives access to counts of pages that begin with {only!r}")
        try:
            answer = endpoint.answer(asked)
        except ConfigError as error:
            raise bad_request(error, with_hint=not asked.is_public and only is None) from error
        latest = self._store.latest()
        return Answered(endpoint, asked, answer, iso(latest) if latest is not None else None)

    def _answers_to(self, questions: Sequence[Question]) -> list[Mapping[str, Any]]:
        """The status of each question of a batch, with its answer or error; raises Refused if all need a token."""
        for path in (question.path for question in questions):
            if f"/api/v1/{path}" not in ENDPOINTS or f"/api/v1/{path}" == BATCH:
                raise ConfigError(f"no path {path[:40]!r} below /api/v1/ for a batch to ask", about="ask")
        answers, size = [], 0
        for question in questions:
            answers.append(self._answer_to(question))
            size += len(json_response(answers[-1]).body)
            if size > MOST_BYTES:  # before more of them are in memory
                raise ConfigError(f"the answers are larger than {MOST_BYTES:,} bytes; ask for less", about="ask")
        if all(answer["status"] == 401 for answer in answers):
            raise unauthorized(self._authorization)
        return answers

    def _answer_to(self, question: Question) -> Mapping[str, Any]:
        try:
            return {
                "status": 200,
                "answer": _with_reach(self.ask(f"/api/v1/{question.path}", question.pairs, without="format")),
            }
        except Refused as refused:
            return {"status": refused.status, "error": refused.error}

    def _needs_token(self) -> None:
        """Raises Refused if a token is required and the caller has none."""
        if self._grant is None:
            raise unauthorized(self._authorization)

    @cached_property
    def _grant(self) -> Grant | None:
        """What the caller's token opens; everything if tokens are not required."""
        return granted(self._authorization or "", self._store) if self._service.asks_token else Grant()


def _is_granted(path: str, endpoint: Endpoint, asked: ApiRequest, only: str) -> bool:
    """Whether a token for pages that begin with `only` allows this."""
    if not only:
        return endpoint.may_be_public
    return path in TO_ALL or (endpoint.is_of_pages and endpoint.may_be_public and asked.is_about([only]))


def _with_reach(answered: Answered) -> Answer:
    """The answer, and how far the counts reach."""
    answer = answered.answer
    return answer if "complete_until" in answer else {**answer, "complete_until": answered.complete_until}


def _respond(request: Request, answered: Answered, leased: LeasedStore) -> Response:
    """An endpoint's answer as JSON or CSV, with how far the counts reach and what it cost."""
    endpoint, asked = answered.endpoint, answered.asked
    answer = _with_reach(answered) if endpoint.is_enveloped else answered.answer
    capacity = leased.capacity()
    headers = envelope_headers(answered.complete_until, capacity)
    content = json_response(answer).body
    if asked.values.get("format") == "csv" and endpoint.table:
        response = csv_response(request, endpoint.table(answer), answer.get("next"), headers)
    elif endpoint.picture:
        response = Response(endpoint.picture(answer), headers=headers, media_type=SVG)
    else:
        response = json_response(with_capacity(answer, capacity) if endpoint.is_enveloped else answer, headers=headers)
    if len(response.body) > MOST_BYTES:
        name = next(name for name in MAKE_IT_SMALLER if name in endpoint.takes or name == "period")
        return error_response(400, f"{name}: the answer is larger than {MOST_BYTES:,} bytes; ask for less")
    response = cacheable(request, response, bytes(content), is_public=asked.is_public)
    if endpoint.picture and asked.is_public:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # otherwise other sites' pages could not show it
    return response
