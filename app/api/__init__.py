"""The API, an ASGI app for `/api`: the page's own figures as JSON and CSV, and the models on demand.

`make_api` is the way in. Who is asking is decided by whoever mounts it (`Authenticate`). Nothing here knows Streamlit; `models.py` alone
may import ml_assets beyond intervals, and runs in a process of its own.
"""

from app.api.access import Authenticate, NotAuthenticated
from app.api.application import make_api, make_models_api

__all__ = ["Authenticate", "NotAuthenticated", "make_api", "make_models_api"]
