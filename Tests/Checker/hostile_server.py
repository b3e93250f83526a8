#!/usr/bin/env python3
"""An HTTP server that answers every request in a hostile way, given by the name of the way.

Prints `listening on http://127.0.0.1:PORT` and runs until it is killed.
"""

import gzip
import socket
import sys
import threading
import zlib

PIECE = b"x" * (1 << 16)


def bomb(megabytes):
    """A gzip member of zeros, made piece by piece."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b"\0" * (1 << 20)
    return b"".join(deflate.compress(piece) for _ in range(megabytes)) + deflate.flush()


def head(*lines):
    return "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: application/json") + lines).encode() + b"\r\n\r\n"


def whole(body, *lines):
    return lambda send: send(head(f"Content-Length: {len(body)}", *lines) + body)


def endless(piece, *lines):
    def answer(send):
        send(head(*lines))
        while True:
            send(piece)

    return answer


def answers():
    deep = b"[" * 1_000_000
    empty = gzip.compress(b'{"object":"list","total_count":0,"next":null,"data":[]}')
    return {
        "endless": lambda: endless(PIECE, "Content-Length: 1000000000000"),
        "endless-unannounced": lambda: endless(PIECE),
        "endless-chunked": lambda: endless(b"10000\r\n" + PIECE + b"\r\n", "Transfer-Encoding: chunked"),
        "endless-white-space": lambda: endless(b" " * (1 << 16)),
        "bomb": lambda: whole(bomb(512), "Content-Encoding: gzip"),
        "bomb-in-bomb": lambda: whole(gzip.compress(bomb(512)), "Content-Encoding: gzip, gzip"),
        "brotli": lambda: whole(b"\x0b\x02\x80{}\x03", "Content-Encoding: br"),
        "twice": lambda: whole(gzip.compress(empty), "Content-Encoding: gzip, gzip"),
        "unknown": lambda: whole(b"\1\2\3", "Content-Encoding: evil"),
        "deep": lambda: whole(b'{"total_count":1,"next":null,"data":[{"id":"a","data":' + deep + b"}]}"),
    }


def serve(connection, answer):
    with connection:
        try:
            received = b""
            while True:
                piece = connection.recv(1 << 16)
                if not piece:
                    return
                received += piece
                if received.endswith(b"\r\n\r\n"):
                    received = b""
                    answer(connection.sendall)
        except OSError:
            return


def main():
    answer = answers()[sys.argv[1]]()
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(f"listening on http://127.0.0.1:{server.getsockname()[1]}", flush=True)
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection, answer), daemon=True).start()


if __name__ == "__main__":
    main()
