"""Makes labpact_types.py from the published schema and the document that the client sends.

    python3 generate.py [schema.graphql [changes.graphql]]

Only the standard library is needed. The types have exactly the fields that the document asks for.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOKEN = re.compile(r'"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[^\s,]')
SCALARS = {"Int": "int", "Float": "float", "Boolean": "bool"}


def tokens(text):
    """Names and punctuators, without comments and descriptions."""
    return [token for token in TOKEN.findall(text) if token[0] not in '#"']


class Schema:
    """The fields of each object and interface, and the words of each enum."""

    def __init__(self, text):
        self.fields, self.enums = {}, {}
        self.at, self.tokens = 0, tokens(text)
        while self.at < len(self.tokens):
            word = self.take()
            if word in ("type", "interface"):
                self.object()
            elif word == "enum":
                name = self.take()
                self.enums[name] = self.braced()
            elif word == "{":
                self.at -= 1
                self.braced()

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def braced(self):
        """The names of a list in braces."""
        while self.take() != "{":
            pass
        names = []
        while (word := self.take()) != "}":
            names.append(word)
        return names

    def object(self):
        name, fields = self.take(), {}
        while self.take() != "{":
            pass
        while (field := self.take()) != "}":
            if self.tokens[self.at] == "(":
                self.skip("(", ")")
            self.take()  # the colon
            fields[field] = self.kind()
            while self.tokens[self.at] == "@":
                self.at += 2
                if self.tokens[self.at] == "(":
                    self.skip("(", ")")
        self.fields[name] = fields

    def skip(self, opening, closing):
        depth = 0
        while True:
            word = self.take()
            depth += (word == opening) - (word == closing)
            if depth == 0:
                return

    def kind(self):
        """A type as (name or nested type, is a list, may be null)."""
        if self.tokens[self.at] == "[":
            self.at += 1
            inner = self.kind()
            self.at += 1
            kind = (inner, True)
        else:
            kind = (self.take(), False)
        nullable = self.tokens[self.at] != "!"
        if not nullable:
            self.at += 1
        return (*kind, nullable)


class Types:
    """Typed dictionaries of the selections of a document."""

    def __init__(self, schema, text):
        self.schema, self.out, self.enums = schema, [], set()
        self.at, self.tokens = 0, tokens(text)
        while self.tokens[self.at] != "{" or self.tokens[self.at - 1] != ")":
            self.at += 1
        self.selection("Query", "Answer")

    def selection(self, on, name):
        """Writes the type of a selection, or one for each type that it may be; its name."""
        own, parts = self.members(on, name)
        if not parts:
            self.write(name, own)
            return name
        for kind, fields in parts.items():
            self.write(kind, {**own, **fields, "__typename": f'Literal["{kind}"]'})
        self.out.append(f"{name} = Union[{', '.join(parts)}]\n")
        return name

    def members(self, on, name):
        own, parts = {}, {}
        self.at += 1
        while (word := self.tokens[self.at]) != "}":
            self.at += 1
            if word == "...":
                kind = self.tokens[self.at + 1]
                self.at += 2
                parts[kind] = self.members(kind, kind)[0]
                continue
            field = word
            if self.tokens[self.at] == ":":
                field = self.tokens[self.at + 1]
                self.at += 2
            if self.tokens[self.at] == "(":
                while self.tokens[self.at] != ")":
                    self.at += 1
                self.at += 1
            if field == "__typename":
                own[word] = "str"
                continue
            kind = self.schema.fields[on][field]
            below = None
            if self.tokens[self.at] == "{":
                below = self.selection(base(kind), named(name, word, base(kind)))
            own[word] = self.spelled(kind, below)
        self.at += 1
        return own, parts

    def spelled(self, kind, below):
        inner, is_list, nullable = kind
        if is_list:
            text = f"list[{self.spelled(inner, below)}]"
        elif below:
            text = below
        elif inner in self.schema.enums:
            self.enums.add(inner)
            text = inner
        else:
            text = SCALARS.get(inner, "str")
        return f"Optional[{text}]" if nullable else text

    def write(self, name, fields):
        members = "".join(f"    {field}: {kind}\n" for field, kind in fields.items())
        self.out.append(f"class {name}(TypedDict):\n{members}")

    def text(self):
        words = [
            f"{name} = Literal[{', '.join(repr(word) for word in self.schema.enums[name])}]\n"
            for name in sorted(self.enums)
        ]
        return "\n\n".join(
            ['"""Generated by generate.py; do not edit."""\n\nfrom typing import Literal, Optional, TypedDict, Union\n']
            + words
            + self.out
        )


def base(kind):
    while isinstance(kind[0], tuple):
        kind = kind[0]
    return kind[0]


def named(parent, field, kind):
    """A node keeps the name of its type; what is below one is named after both."""
    return kind if parent == "Answer" or kind in ("Change", "Node") else parent + field[0].upper() + field[1:]


def main():
    schema = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "../../schema.graphql"
    document = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "../changes.graphql"
    types = Types(Schema(schema.read_text(encoding="utf-8")), document.read_text(encoding="utf-8"))
    (HERE / "labpact_types.py").write_text(types.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
