"""Changes something of each sort through the API: an edit, a new object, something hidden, and something that ends."""

import os
import sys

from api import ask, listed

url, token = sys.argv[1], os.environ["EDITOR_TOKEN"]
labs = [lab for lab in listed(url, token, "labs", "id agency { code } institution { id }") if lab["agency"]["code"] == "GD"]
ask(url, token, 'mutation($id: ID!) { labEdit(id: $id, input: { nameZh: "改名" }) { lab { id } } }', id=labs[0]["id"])
ask(
    url,
    token,
    "mutation($input: LabCreateInput!) { labCreate(input: $input) { lab { id } } }",
    input={"institution": labs[0]["institution"]["id"], "code": "NEW-1", "nameZh": "新场所", "region": "440100"},
)
ask(url, token, "mutation($id: ID!) { labEdit(id: $id, input: { visibility: OWN }) { lab { id } } }", id=labs[-1]["id"])
lines = [line for line in listed(url, token, "scopes", "id lab { id }") if line["lab"]["id"] == labs[0]["id"]]
ask(url, token, 'mutation($id: ID!) { scopeWithdraw(id: $id, reason: "x") { id } }', id=lines[0]["id"])
print(f"changed: a lab edited, a lab new, a lab hidden with {len(labs)} in all, one line of {len(lines)} withdrawn")
