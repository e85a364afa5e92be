"""
Tokens, and what needs none: public endpoints are open to everyone; everything else needs a token.

A token travels in the Authorization header alone, never in a URL, and only its hash is kept; a made-up one of 256 random bits
needs no salt and no slow hash.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from hashlib import sha256
from time import time
from urllib.parse import unquote

from ..errors import ConfigError
from ..pageviews.pages import asked_prefix
from ..stores import Store
from ..stores.shapes import Token
from .endpoints import ENDPOINTS, TOGETHER

# Anyone who finds it in a file, a secret scanner too, sees that it is a secret.
TOKEN_START = "footfall_"  # noqa: S105 - not a secret itself
_TOKEN = re.compile(rf"{TOKEN_START}[A-Za-z0-9_-]{{43}}")


def make_token(name: str) -> tuple[str, Token]:
    """A new token, and what is kept of it."""
    secret = TOKEN_START + secrets.token_urlsafe(32)
    return secret, Token(name, _hash(secret), int(time()))


def has_token(authorization: str, store: Store) -> bool:
    """Whether this is the Authorization header of somebody with a token; every one is compared, in constant time."""
    scheme, _, secret = authorization.partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(secret):
        return False  # without asking the store, so that who tries at random costs nothing
    given = _hash(secret)
    matches = [hmac.compare_digest(given, token.sha256) for token in store.tokens.all()]
    return any(matches)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def read_public(paths: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """
    The setting `public`: endpoint -> the prefixes of the pages that it is open for; one of them "" for all.

    Raises ConfigError for what is no endpoint, or may not be public.
    """
    public: dict[str, tuple[str, ...]] = {}
    for written in paths:
        name, _, prefix = written.partition("?prefix=")
        begins = asked_prefix(unquote(prefix), ())
        if prefix and not begins:
            raise ConfigError(f"public: ?prefix={prefix} is every page; write {name} alone to open it for all of them")
        for path in TOGETHER.get(name, [name]):
            _check_public(path, prefix, name)
            public[path] = (*public.get(path, ()), begins)
    return public


def _check_public(path: str, prefix: str, name: str) -> None:
    """Raises ConfigError for an endpoint that may not be public, or not for a prefix."""
    endpoint = ENDPOINTS.get(path)
    if endpoint is None:
        may_be = [*TOGETHER, *(path for path, row in ENDPOINTS.items() if row.may_be_public)]
        raise ConfigError(f"public: no endpoint {path!r}; there are: {', '.join(may_be)}")
    if not endpoint.needs_token:
        raise ConfigError(f"public: {path} is as public as the questions in it; list their endpoints instead")
    if not endpoint.may_be_public:
        raise ConfigError(f"public: {path} shows who came and when, and is never public; take it out of the list")
    if prefix and not endpoint.is_of_pages:
        raise ConfigError(f"public: {name} is not about pages, so it is public without ?prefix= or not at all")
