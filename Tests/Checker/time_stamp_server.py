"""A time stamp authority (RFC 3161) by `openssl ts`, over HTTP on a free port, in the folder given.

Prints its address; the authority's certificate is ca.pem in the folder.
"""

import http.server
import pathlib
import subprocess
import sys

CONFIGURATION = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = test authority
[extensions]
extendedKeyUsage = critical,timeStamping
basicConstraints = critical,CA:TRUE
"""


def main() -> None:
    """Makes the authority and serves until it is killed."""
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True)
    configuration = folder / "openssl.cnf"
    configuration.write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-config", str(configuration), "-keyout", f"{folder}/tsa.key", "-out", f"{folder}/ca.pem"]
    subprocess.run(command, check=True, capture_output=True)

    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers each query with a stamp."""

        def do_POST(self) -> None:  # noqa: N802 - the library's name
            query = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query").write_bytes(query)
            reply = ["openssl", "ts", "-reply", "-config", str(configuration), "-section", "tsa_config"]
            reply += ["-queryfile", f"{folder}/query", "-out", f"{folder}/reply"]
            subprocess.run(reply, check=True, capture_output=True)
            body = (folder / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Says nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


main()
