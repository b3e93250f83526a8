#!/usr/bin/env python3
"""HTTP/2 and TLS before a server that has neither, by hypercorn.

Usage: http2_front.py http://ADDRESS CERTIFICATE KEY [REQUESTS]. Prints `listening on https://localhost:PORT`, then a
line for each request: its protocol and path. Says goodbye to a connection after REQUESTS requests.
"""

import asyncio
import socket
import sys
import urllib.error
import urllib.request

from hypercorn.asyncio import serve
from hypercorn.config import Config

# About one connection alone, or the server's own business.
NOT_PASSED_ON = {b"connection", b"keep-alive", b"transfer-encoding", b"content-length", b"host", b"server"}
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url, headers):
    request = urllib.request.Request(url, headers=headers)
    try:
        answer = DIRECTLY.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
        return answer.status, headers, answer.read()


def front(address):
    async def application(scope, receive, send):
        if scope["type"] != "http":
            return
        target = scope["raw_path"].decode()
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode()
        print(f"HTTP/{scope['http_version']} {target}", flush=True)
        headers = {name.decode(): value.decode() for name, value in scope["headers"] if name not in NOT_PASSED_ON}
        status, headers, body = await asyncio.to_thread(fetch, address + target, headers)
        headers = [header for header in headers if header[0] not in NOT_PASSED_ON]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


def main():
    address, certificate, key = sys.argv[1:4]
    listener = socket.create_server(("127.0.0.1", 0))
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.certfile, config.keyfile = certificate, key
    config.errorlog = None
    if len(sys.argv) > 4:
        config.keep_alive_max_requests = int(sys.argv[4])
    print(f"listening on https://localhost:{listener.getsockname()[1]}", flush=True)
    asyncio.run(serve(front(address), config))


main()
