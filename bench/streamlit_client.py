"""One open page of a Streamlit app without a browser: its websocket, spoken as the browser speaks it."""

import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

SOCKET = "/_stcore/stream"
# A full table of posts is one message.
LARGEST_MESSAGE = 64 * 1024 * 1024


class RunFailed(Exception):
    """The page raised, or its script did not finish."""


@dataclass
class OpenPage:
    """A session of its own. Runs are timed from the message that asks for one to the message that it is finished."""

    address: str
    cookie: str = ""
    query: str = ""
    page: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    choices: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    elements: int = 0
    _chosen: dict[str, str] = field(default_factory=dict)
    _socket: ClientConnection | None = None

    async def open(self) -> float:
        """Connects and draws the page. Seconds."""
        begin = time.perf_counter()
        headers = {"Origin": self.address} | ({"Cookie": self.cookie} if self.cookie else {})
        self._socket = await connect(
            self.address.replace("http", "ws", 1) + SOCKET, subprotocols=["streamlit"], additional_headers=headers, max_size=LARGEST_MESSAGE
        )
        await self._run()
        return time.perf_counter() - begin

    async def go(self, page: str) -> float:
        """Another page of the menu, by its path. Seconds."""
        self.page, self._chosen = self.pages[page], {}
        return await self._run()

    async def choose(self, label: str, option: str) -> float:
        """An option of a select box. Seconds."""
        self._chosen[self.choices[label][0]] = option
        return await self._run()

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def _run(self) -> float:
        begin = time.perf_counter()
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_script_hash = self.query, self.page
        state.context_info.timezone, state.context_info.locale, state.context_info.url = "UTC", "en-GB", self.address
        for widget, value in self._chosen.items():
            one = state.widget_states.widgets.add()
            one.id, one.string_value = widget, value
        await self._socket.send(asked.SerializeToString())
        self.elements = 0
        while True:
            message = ForwardMsg.FromString(await self._socket.recv())
            self._see(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise RunFailed(ForwardMsg.ScriptFinishedStatus.Name(message.script_finished))
                return time.perf_counter() - begin

    def _see(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.elements += 1
            if element.WhichOneof("type") == "selectbox":
                self.choices[element.selectbox.label] = (element.selectbox.id, list(element.selectbox.options))
            elif element.WhichOneof("type") == "exception":
                raise RunFailed(f"{element.exception.type}: {element.exception.message}")
