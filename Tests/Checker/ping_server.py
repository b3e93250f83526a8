#!/usr/bin/env python3
"""A watchdog that writes down what it is told: a line of JSON for each request, into the file that is named.

With `refuse` as a second argument it answers 404; with `hang` it never answers.
"""
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def main():
    log, mode = sys.argv[1], (sys.argv[2:] + ["answer"])[0]
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size).decode()
            with lock, open(log, "a", encoding="utf-8") as file:
                entry = {"method": self.command, "path": self.path, "body": body, "headers": list(self.headers.items())}
                file.write(json.dumps(entry) + "\n")
            if mode == "hang":
                threading.Event().wait()
            self.send_response(404 if mode == "refuse" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_HEAD = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(f"listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
