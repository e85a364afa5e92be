"""From an HTTP request to its response, for the endpoints that answer from the store."""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import ConfigError
from ..items import iso
from ..reports.answers import with_capacity
from ..settings import Settings
from ..stores import Store, open_store
from .access import has_token, read_public
from .endpoints import ENDPOINTS, Answer, Endpoint
from .errors import bad_request, error_response, unauthorized
from .parameters import read_parameters
from .pool import LeasedStore, StorePool
from .request import ApiRequest
from .responses import cacheable, csv_response, envelope_headers, json_response

# Lambda's answers have 6 MB at most, and a larger one would fail there with an error that names nothing.
MOST_BYTES = 5_000_000


class Service:
    """Answers the requests of every endpoint from the store of `settings`."""

    def __init__(self, settings: Settings, *, asks_token: bool):
        """Raises ConfigError for settings that cannot be served."""
        public = read_public(settings["public"])
        self._settings = settings
        self._asks_token = asks_token
        self._public = public if asks_token else {}  # without tokens everything is open, and private to who asks
        self._stores = StorePool(self._open_store)

    def _open_store(self) -> Store:
        return open_store(self._settings["store"], self._settings["item"], self._settings.keep)

    def respond(self, path: str, request: Request) -> Response:
        """The response of the endpoint at `path`; raises StoreError when its store cannot be read."""
        with self._stores.lease() as leased:
            return self._answer(leased, path, request)

    def _answer(self, leased: LeasedStore, path: str, request: Request) -> Response:
        endpoint = ENDPOINTS[path]
        if path not in self._public and not self._may_ask(request, leased.store):
            return unauthorized(request)
        try:
            values = read_parameters(request.query_params.multi_items(), endpoint.parameters, endpoint.required, endpoint.bare)
        except ConfigError as error:
            return bad_request(error)
        asked = ApiRequest(leased.store, self._settings, values, self._public.get(path, ()))
        if path in self._public and not asked.is_public and not self._may_ask(request, leased.store):
            return unauthorized(request)
        try:
            answer = endpoint.answer(asked)
        except ConfigError as error:
            return bad_request(error, with_hint=not asked.is_public)
        return _respond(request, endpoint, asked, answer, leased)

    def _may_ask(self, request: Request, store: Store) -> bool:
        return not self._asks_token or has_token(request.headers.get("authorization", ""), store)


def _respond(request: Request, endpoint: Endpoint, asked: ApiRequest, answer: Answer, leased: LeasedStore) -> Response:
    """An endpoint's answer as JSON or CSV, with how far the counts reach and what it cost."""
    latest = asked.store.latest()
    reach = iso(latest) if latest is not None else None
    if endpoint.is_enveloped:
        answer = answer if "complete_until" in answer else {**answer, "complete_until": reach}
    capacity = leased.capacity()
    headers = envelope_headers(reach, capacity)
    content = json_response(answer).body
    if asked.values.get("format") == "csv" and endpoint.table:
        response = csv_response(request, endpoint.table(answer), answer.get("next"), headers)
    else:
        response = json_response(with_capacity(answer, capacity) if endpoint.is_enveloped else answer, headers=headers)
    if len(response.body) > MOST_BYTES:
        name = "limit" if "limit" in endpoint.takes else "prefix" if "prefix" in endpoint.takes else "period"
        return error_response(400, f"{name}: the answer has more than {MOST_BYTES:,} bytes; ask for less")
    return cacheable(request, response, bytes(content), is_public=asked.is_public)
