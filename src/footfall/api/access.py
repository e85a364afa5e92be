"""
Tokens, and what needs none: public endpoints are open to everyone; everything else needs a token.

A token is sent only in the Authorization header, never in a URL, and only its hash is stored; 256 random bits need no salt and
no slow hash.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from time import time
from typing import NamedTuple
from urllib.parse import unquote

from ..errors import ConfigError
from ..pageviews.pages import asked_prefix
from ..stores import Store
from ..stores.shapes import Token
from .endpoints import ENDPOINTS, TOGETHER

# Marks it as a secret for anyone who finds it in a file, including secret scanners.
TOKEN_START = "footfall_"  # noqa: S105 - not a secret itself
# A limited token ends with the pages that it is for. They are hashed with the rest, so nobody can change them.
_TOKEN = re.compile(rf"{TOKEN_START}[A-Za-z0-9_-]{{43}}(?:\.([A-Za-z0-9_-]{{2,1400}}))?")


class Grant(NamedTuple):
    """What a token gives access to."""

    only: str | None = None
    """The prefix of pages whose counts it opens, "" for all that may be public; None for everything, including single views."""


def make_token(name: str, only: str | None = None) -> tuple[str, Token]:
    """Makes a new token, limited to the prefix `only` if given; returns it and what is stored for it."""
    secret = TOKEN_START + secrets.token_urlsafe(32)
    if only is not None:
        secret += "." + urlsafe_b64encode(f"/{only}".encode()).decode().rstrip("=")
    return secret, Token(name, _hash(secret), int(time()))


def granted(authorization: str, store: Store) -> Grant | None:
    """The access that this Authorization header grants, None for none; compared with every token in constant time."""
    scheme, _, secret = authorization.partition(" ")
    secret = secret.strip()
    form = _TOKEN.fullmatch(secret)
    if scheme.lower() != "bearer" or not form:
        return None  # without asking the store, so that random guesses cost nothing
    given = _hash(secret)
    matches = [hmac.compare_digest(given, token.sha256) for token in store.tokens.all()]
    return Grant(_pages_of(form[1])) if any(matches) else None


def _pages_of(encoded: str | None) -> str | None:
    """The pages of a known token; known, so its encoding is valid."""
    return None if encoded is None else urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode().removeprefix("/")


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def read_public(paths: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """
    Parses the setting `public`: endpoint -> the prefixes of pages that it is open for, "" for all.

    Raises ConfigError for a path that is not an endpoint, or may not be public.
    """
    public: dict[str, tuple[str, ...]] = {}
    for written in paths:
        name, _, prefix = written.partition("?prefix=")
        begins = asked_prefix(unquote(prefix), ())
        if prefix and not begins:
            raise ConfigError(f"public: ?prefix={prefix} matches every page; write just {name} to open it for all")
        for path in TOGETHER.get(name, [name]):
            _check_public(path, prefix, name)
            public[path] = (*public.get(path, ()), begins)
    return public


def _check_public(path: str, prefix: str, name: str) -> None:
    """Raises ConfigError for an endpoint that may not be public, or not by prefix."""
    endpoint = ENDPOINTS.get(path)
    if endpoint is None:
        may_be = [*TOGETHER, *(path for path, row in ENDPOINTS.items() if row.may_be_public)]
        raise ConfigError(f"public: no endpoint {path!r}; there are: {', '.join(may_be)}")
    if not endpoint.needs_token:
        raise ConfigError(f"public: {path} is as public as the requests it contains; list their endpoints instead")
    if not endpoint.may_be_public:
        raise ConfigError(f"public: {path} shows who came and when, and is never public; remove it from the list")
    if prefix and not endpoint.is_of_pages:
        raise ConfigError(f"public: {name} is not about pages; list it without ?prefix=")
