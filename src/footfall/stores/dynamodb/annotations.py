"""Annotations: an item each, all in one partition, since there are few."""

from typing import Any

from ..shapes import Annotation
from .altered import reading
from .keys import ANNOTATIONS, Item, annotation_key
from .query import query
from .requests import Refused, Requests


class DynamoDBAnnotations:
    """See stores.capabilities.Annotations."""

    def __init__(self, requests: Requests):
        self._requests = requests

    def all(self) -> list[Annotation]:
        """See Annotations."""
        with reading(self._requests):
            found = [_annotation_of(item) for item in query(self._requests, ANNOTATIONS)]
        return sorted(found, key=lambda each: (each.day, each.site, each.text))

    def add(self, annotation: Annotation) -> bool:
        """See Annotations. If an answer is lost and the request is sent again, it returns False."""
        site, day, text = ({"S": value} for value in annotation)
        item = {**self._requests.typed(annotation_key(*annotation)), "Site": site, "Day": day, "Text": text}
        return self._is_done("put_item", "attribute_not_exists(#text)", Item=item)

    def remove(self, annotation: Annotation) -> bool:
        """See Annotations."""
        return self._is_done("delete_item", "attribute_exists(#text)", Key=self._requests.typed(annotation_key(*annotation)))

    def _is_done(self, operation: str, condition: str, **asked: Any) -> bool:
        """Whether the condition held."""
        try:
            self._requests.send(
                operation, TableName=self._requests.table, ConditionExpression=condition,
                ExpressionAttributeNames={"#text": "Text"}, **asked,
            )  # fmt: skip
        except Refused:
            return False
        return True


def _annotation_of(item: Item) -> Annotation:
    return Annotation(item["Site"]["S"], item["Day"]["S"], item["Text"]["S"])
