"""Holds both copies against what the API lists, and against what it shows of each object."""

import json
import os
import re
import sqlite3
import sys
from pathlib import Path

from api import ask, listed

url, token = sys.argv[1], os.environ["LABPACT_TOKEN"]
database, file = sys.argv[2:4]
DOCUMENT = (Path(__file__).resolve().parent / "../../examples/changes.graphql").read_text(encoding="utf-8")

copies = {
    "Python": {row[0]: json.loads(row[1]) for row in sqlite3.connect(database).execute("SELECT id, node FROM object")},
    "TypeScript": json.loads(Path(file).read_text(encoding="utf-8"))["objects"],
}
expected = {agency["id"] for agency in ask(url, token, "{ agencies { id } }")["agencies"]}
for field in ("institutions", "certificates", "scopes", "equipment", "standards", "offerings", "requests", "referrals"):
    expected |= {row["id"] for row in listed(url, token, field)}
for lab in listed(url, token, "labs", "id signatories(first: 200) { nodes { id } }"):
    expected |= {lab["id"]} | {person["id"] for person in lab["signatories"]["nodes"]}

# The selection of `node` in the document of the examples.
selection = DOCUMENT[DOCUMENT.index("node {") + len("node") :]
depth, end = 0, 0
for found in re.finditer(r"[{}]", selection):
    depth += 1 if found.group() == "{" else -1
    if depth == 0:
        end = found.end()
        break
selection = selection[:end]
shown = {}
ids = sorted(expected)
for at in range(0, len(ids), 100):
    nodes = ask(url, token, f"query($ids: [ID!]!) {{ nodes(ids: $ids) {selection} }}", ids=ids[at : at + 100])["nodes"]
    shown |= dict(zip(ids[at : at + 100], nodes))
for name, copy in copies.items():
    kept = {id: node for id, node in copy.items() if not id.startswith("region:")}
    missing, surplus = sorted(expected - set(kept)), sorted(set(kept) - expected)
    stale = sorted(id for id in expected & set(kept) if kept[id] != shown[id])
    if missing or surplus or stale:
        raise SystemExit(f"{name}: missing {missing[:5]}, surplus {surplus[:5]}, stale {stale[:5]}")
    if not any(id.startswith("region:") for id in copy):
        raise SystemExit(f"{name}: no divisions")
    print(f"{name}: {len(kept)} objects, as the API lists and shows them")
