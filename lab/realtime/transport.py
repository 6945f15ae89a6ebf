"""The transport: uvicorn's WebSocket protocol, except that it does not wait for the dead.

uvicorn closes a connection politely: what is buffered is written first. To a peer that no longer reads,
that is never, and the connection stays for ever with everything that hangs on it. Here it is aborted.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .options import Options


class LabWebSocket(WebSocketsSansIOProtocol):
    def keepalive_timeout(self) -> None:
        if self.read_paused and self.ping_timeout is not None:
            # We are the one who does not read: its pong may be waiting behind what it has sent.
            self.pong_timer = self.loop.call_later(self.ping_timeout, self.keepalive_timeout)
            return
        super().keepalive_timeout()
        self._do_not_wait()

    def handle_parser_exception(self) -> None:
        super().handle_parser_exception()
        self._do_not_wait()

    def shutdown(self) -> None:
        super().shutdown()
        self._do_not_wait()

    async def send(self, message: Any) -> None:
        if message["type"] != "websocket.close":
            await super().send(message)
        elif not self.writable.is_set():
            # It does not read, so it would not read why either.
            self.transport.abort()
        else:
            await super().send(message)
            if self.close_timer is not None:
                self.close_timer.cancel()
                self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def _do_not_wait(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()


def uvicorn_settings(options: Options) -> dict[str, Any]:
    """Keyword arguments for `uvicorn.Config`."""
    return {
        "ws": LabWebSocket,
        "ws_max_size": options.message_bytes,
        "ws_ping_interval": 10.0,
        "ws_ping_timeout": 15.0,
        "ws_per_message_deflate": False,
    }
