"""The hashes of bearer tokens: an item each."""

from typing import Any

from ..shapes import Token
from .altered import reading
from .keys import TOKENS, Item, token_key
from .query import query
from .requests import Refused, Requests


class DynamoDBTokens:
    """See stores.capabilities.Tokens."""

    def __init__(self, requests: Requests):
        self._requests = requests

    def all(self) -> list[Token]:
        """See Tokens."""
        with reading(self._requests):
            return [_token_of(item) for item in query(self._requests, TOKENS)]

    def add(self, token: Token) -> bool:
        """See Tokens."""
        name, sha256, created_at = {"S": token.name}, {"S": token.sha256}, {"N": str(token.created_at)}
        item = {**self._requests.typed(token_key(token.name)), "Name": name, "SHA256": sha256, "CreatedAt": created_at}
        return self._is_done(
            "put_item",
            Item=item,
            ConditionExpression="attribute_not_exists(SHA256) OR SHA256 = :same",  # true for a retry after a lost answer
            ExpressionAttributeValues={":same": sha256},
        )

    def revoke(self, name: str) -> bool:
        """See Tokens."""
        key = self._requests.typed(token_key(name))
        return self._is_done("delete_item", Key=key, ConditionExpression="attribute_exists(SHA256)")

    def _is_done(self, operation: str, **asked: Any) -> bool:
        """Whether the condition held."""
        try:
            self._requests.send(operation, TableName=self._requests.table, **asked)
        except Refused:
            return False
        return True


def _token_of(item: Item) -> Token:
    return Token(item["Name"]["S"], item["SHA256"]["S"], int(item["CreatedAt"]["N"]))
