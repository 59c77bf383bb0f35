"""Asking the API, without the clients that are under test."""

import json
import urllib.request


def ask(url, token, query, **variables):
    """The data of an operation that must succeed."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers), timeout=60) as response:
        answer = json.load(response)
    if answer.get("errors"):
        raise SystemExit(f"{query}\n{json.dumps(answer['errors'], indent=2, ensure_ascii=False)}")
    return answer["data"]


def listed(url, token, field, select="id"):
    """All rows of a list, page by page."""
    rows, after = [], None
    query = "query($after: String) { %s(first: 200, after: $after) { nodes { %s } pageInfo { hasNextPage endCursor } } }"
    while True:
        page = ask(url, token, query % (field, select), after=after)[field]
        rows += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return rows
