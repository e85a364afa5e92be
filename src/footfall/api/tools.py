"""
TOOLS for AI assistants, derived from ENDPOINTS and PARAMETERS like the HTTP API.

A tool is an endpoint without HTTP: it takes the same parameters and returns the same JSON. A new tool is a new row.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..dimensions import DIMENSIONS
from ..reports import check_dimension
from .endpoints import ENDPOINTS, Endpoint
from .parameters import PARAMETERS

# Parameters that are useless without HTTP, or only meant for people.
LEFT_OUT = ("format",)


class Tool(NamedTuple):
    """A tool for assistants."""

    path: str
    """The path of its endpoint; with `{dimension}`, it has one for each dimension."""
    about: str = ""
    """Added to the help of its endpoint."""
    is_of_views: bool = False
    """Whether its answer contains single views, and so whatever is stored about readers."""

    @property
    def endpoint(self) -> Endpoint:
        """Its endpoint, or the first of them."""
        return ENDPOINTS[self.path.format(dimension="page")]

    @property
    def takes_dimension(self) -> bool:
        """Whether it needs a dimension."""
        return "{dimension}" in self.path

    @property
    def help(self) -> str:
        """Its description."""
        if not self.takes_dimension:
            return f"{self.endpoint.help} {self.about}".strip()
        return f"{self.about}\n" + "\n".join(f"- {name}: {row.about}" for name, row in DIMENSIONS.items())

    @property
    def schema(self) -> dict[str, Any]:
        """Its parameters, as JSON Schema."""
        names = [name for name in self.endpoint.takes if name not in LEFT_OUT]
        rows = {name: PARAMETERS[name] if self.takes_dimension else self.endpoint.parameters[name] for name in names}
        properties: dict[str, Any] = {name: {**row.schema, "description": row.help} for name, row in rows.items()}
        required = list(self.endpoint.required)
        if self.takes_dimension:
            dimension = {"type": "string", "enum": [*DIMENSIONS], "description": "The dimension to break down by."}
            properties, required = {"dimension": dimension, **properties}, ["dimension", *required]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def question(self, given: Mapping[str, Any]) -> tuple[str, Sequence[tuple[str, str]]]:
        """The path and parameters to ask the service for; raises ConfigError if the dimension is missing."""
        path = self.path
        if self.takes_dimension:
            path = path.format(dimension=check_dimension(str(given.get("dimension", ""))))
        return path, [(name, str(value)) for name, value in given.items() if name != "dimension" and value is not None]


TOOLS: dict[str, Tool] = {
    "total": Tool("/api/v1/stats/total", "Of the site, of one page, or of pages with a prefix; with visitors and arrivals."),
    "history": Tool("/api/v1/stats/history"),
    "breakdown": Tool(
        "/api/v1/stats/{dimension}", "The most frequent values of a dimension: views, or requests that were no views, by"
    ),
    "annotations": Tool("/api/v1/annotations", "They may explain why a day has more or fewer views."),
    "sites": Tool("/api/v1/sites"),
    "dimensions": Tool("/api/v1/dimensions"),
    "status": Tool("/api/v1/status"),
    "views": Tool("/api/v1/views", is_of_views=True),
    "referrers": Tool("/api/v1/views/referrers", is_of_views=True),
}
