"""Keeps a copy of what a caller may see in Labpact, in a local SQLite file.

    python3 generate.py
    LABPACT_TOKEN=… python3 keep.py http://127.0.0.1:8080/graphql copy.db [--watch SECONDS]

Run it as often as you like: each run goes on from the position that the last one saved. Only the standard library is needed.
"""

import argparse
import json
import os
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Optional

from labpact_types import Answer, ChangePage

QUERY = (Path(__file__).resolve().parent / "../changes.graphql").read_text(encoding="utf-8")
PAGE = 200
TRIES = 5
TABLES = """
CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, kind TEXT NOT NULL, node TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_by_kind ON object (kind, id);
CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL);
"""


class Refused(Exception):
    """The API refused the question."""

    def __init__(self, code: str, message: str):
        super().__init__(f"{code}: {message}")
        self.code = code


def ask(url: str, token: str, since: Optional[str]) -> ChangePage:
    """One page; what is unavailable for a moment is asked again."""
    body = json.dumps({"query": QUERY, "variables": {"since": since, "first": PAGE}}).encode()
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": "application/json",
        "accept": "application/graphql-response+json",
    }
    for attempt in range(1, TRIES + 1):
        request = urllib.request.Request(url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            if error.code in (429, 502, 503) and attempt < TRIES:
                time.sleep(float(error.headers.get("retry-after") or 2**attempt))
                continue
            answer = json.loads(error.read() or b"{}")
        errors = answer.get("errors")
        if not errors and answer.get("data"):
            data: Answer = answer["data"]
            return data["changes"]
        first = errors[0] if errors else {"message": "no answer"}
        code = first.get("extensions", {}).get("code", "UNKNOWN")
        if code not in ("LIMITED", "UNAVAILABLE") or attempt == TRIES:
            raise Refused(code, first["message"])
        time.sleep(float(first["extensions"].get("retryAfter") or 2**attempt))
    raise AssertionError("unreachable")


def keep_up(db: sqlite3.Connection, url: str, token: str) -> tuple[int, int]:
    """Goes on until there is no more; how many objects were kept and how many removed."""
    kept = removed = 0
    while True:
        row = db.execute("SELECT text FROM position").fetchone()
        try:
            page = ask(url, token, row[0] if row else None)
        except Refused as refusal:
            if refusal.code != "POSITION_UNKNOWN" or row is None:
                raise
            # The instance was restored, or the token is another caller's: what is kept proves nothing any more.
            with db:
                db.execute("DELETE FROM object")
                db.execute("DELETE FROM position")
            continue
        # The objects and the position in one transaction: whatever happens, they belong together.
        with db:
            for change in page["changes"]:
                if change["op"] == "UPSERT":
                    kept += 1
                    row = (change["id"], change["kind"], json.dumps(change["node"], ensure_ascii=False, sort_keys=True))
                    db.execute("INSERT OR REPLACE INTO object (id, kind, node) VALUES (?, ?, ?)", row)
                else:
                    removed += db.execute("DELETE FROM object WHERE id = ?", (change["id"],)).rowcount
            db.execute("INSERT OR REPLACE INTO position (one, text) VALUES (1, ?)", (page["position"],))
        if not page["hasMore"]:
            return kept, removed


def main() -> None:
    parser = argparse.ArgumentParser(description="Keeps a copy of what a caller may see in Labpact.")
    parser.add_argument("url", help="such as http://127.0.0.1:8080/graphql")
    parser.add_argument("file", help="an SQLite file, made where it is missing")
    parser.add_argument("--watch", type=float, metavar="SECONDS", help="go on for ever, with this pause")
    given = parser.parse_args()
    token = os.environ.get("LABPACT_TOKEN")
    if not token:
        sys.exit("Set LABPACT_TOKEN to an access token.")
    db = sqlite3.connect(given.file)
    db.executescript(TABLES)
    while True:
        kept, removed = keep_up(db, given.url, token)
        print(f"{kept} kept, {removed} removed", flush=True)
        if given.watch is None:
            return
        time.sleep(given.watch)


if __name__ == "__main__":
    main()
