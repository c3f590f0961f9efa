"""A secret and a listening server that no upload may reach."""

import socketserver
import threading

import pytest

from tests.uploads.corpus import SECRET, Canary


@pytest.fixture(scope="session")
def hits():
    return []


@pytest.fixture(scope="session")
def canary(tmp_path_factory, hits):
    class Heard(socketserver.BaseRequestHandler):
        def handle(self):
            hits.append(self.request.recv(200))

    folder = tmp_path_factory.mktemp("canary")
    # Readable for everybody, so that only the sandbox keeps it.
    for each in (folder, folder.parent, folder.parent.parent):
        each.chmod(0o755)
    secret = folder / "secret.csv"
    secret.write_text(f"kode,nama\n1,{SECRET}\n")
    secret.chmod(0o644)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Heard) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Canary(secret, f"http://127.0.0.1:{server.server_address[1]}", folder)
        server.shutdown()
