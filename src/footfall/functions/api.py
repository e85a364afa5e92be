"""
The HTTP API as a Lambda function, behind an HTTP API of API Gateway (payload 2.0).

Settings come from FOOTFALL_* of the function's environment. Everything is made while the function starts, which AWS gives
a whole processor for, and the store stays open as long as the process lives.
"""

from mangum import Mangum

from ..api import make_app
from ..settings import load_settings

on_request = Mangum(make_app(load_settings(None, {}), asks_token=True), lifespan="off")
