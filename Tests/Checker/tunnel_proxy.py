#!/usr/bin/env python3
"""An HTTP proxy that opens tunnels, all of them to this machine whatever the name, and does nothing else.

Prints `listening on http://127.0.0.1:PORT`, then all that it is told before a tunnel is open.
"""

import asyncio


async def pass_on(reader, writer):
    try:
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve(reader, writer):
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    print(head.strip(), flush=True)
    method, target, _ = head.split("\r\n")[0].split(" ")
    if method != "CONNECT":
        writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()
        return
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", int(target.rsplit(":", 1)[1]))
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await asyncio.gather(pass_on(reader, there_writer), pass_on(there_reader, writer))


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


asyncio.run(main())
