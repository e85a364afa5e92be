"""
The HTTP API as a Lambda function, behind an HTTP API of API Gateway (payload 2.0).

Settings come from FOOTFALL_* of the function's environment. Everything is set up while the function starts, when AWS
gives it a whole processor, and the store stays open as long as the process lives.
"""

import asyncio
from typing import Any

from mangum import Mangum

from ..api import make_app
from ..errors import ConfigError
from ..settings import load_settings
from .notifications import shown

_loop = asyncio.new_event_loop()
asyncio.set_event_loop(_loop)  # mangum needs the thread's loop, which newer Pythons do not create by themselves
_answer = Mangum(make_app(load_settings(None, {}), asks_token=True), lifespan="off")


def on_request(event: Any, context: Any) -> Any:
    """The response to a request; raises ConfigError for an event that is not one, such as a test event of the console."""
    if not isinstance(event, dict) or not isinstance(event.get("requestContext"), dict):
        keys = sorted(event) if isinstance(event, dict) else event  # no values: a header may contain a token
        raise ConfigError(f"the event is not a request from API Gateway: {shown(keys)}")
    return _answer(event, context)
