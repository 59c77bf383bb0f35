// Makes src/types.ts from the published schema and the document that the client sends: the types have exactly the fields
// that the document asks for. Needs nothing but Node.
//
//   node generate.mjs [schema.graphql [changes.graphql]]
import { readFileSync, writeFileSync } from "node:fs";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const given = (at, usual) => (process.argv[at] ? readFileSync(process.argv[at], "utf8") : read(usual));
const TOKEN = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[^\s,]/g;
const SCALARS = { Int: "number", Float: "number", Boolean: "boolean" };

/** Names and punctuators, without comments and descriptions. */
const tokens = (text) => text.match(TOKEN).filter((token) => !'#"'.includes(token[0]));

/** The fields of each object and interface, and the words of each enum. */
function schemaOf(text) {
  const list = tokens(text);
  const fields = new Map();
  const enums = new Map();
  let at = 0;
  const skip = (opening, closing) => {
    let depth = 0;
    do {
      depth += list[at] === opening ? 1 : list[at] === closing ? -1 : 0;
      at += 1;
    } while (depth > 0);
  };
  const kind = () => {
    let one;
    if (list[at] === "[") {
      at += 1;
      one = { inner: kind(), isList: true };
      at += 1;
    } else {
      one = { inner: list[at++], isList: false };
    }
    one.nullable = list[at] !== "!";
    if (!one.nullable) at += 1;
    return one;
  };
  const body = () => {
    while (list[at] !== "{") at += 1;
    at += 1;
  };
  while (at < list.length) {
    const word = list[at++];
    if (word === "enum") {
      const words = [];
      enums.set(list[at], words);
      body();
      while (list[at] !== "}") words.push(list[at++]);
      at += 1;
    } else if (word === "type" || word === "interface") {
      const own = new Map();
      fields.set(list[at], own);
      body();
      while (list[at] !== "}") {
        const name = list[at++];
        if (list[at] === "(") skip("(", ")");
        at += 1; // the colon
        own.set(name, kind());
        while (list[at] === "@") {
          at += 2;
          if (list[at] === "(") skip("(", ")");
        }
      }
      at += 1;
    } else if (word === "{") {
      at -= 1;
      skip("{", "}");
    }
  }
  return { fields, enums };
}

const baseOf = (kind) => (typeof kind.inner === "string" ? kind.inner : baseOf(kind.inner));

/** Interfaces of the selections of a document. */
function typesOf(schema, text) {
  const list = tokens(text);
  const out = [];
  const words = new Set();
  let at = 0;
  while (list[at] !== "{" || list[at - 1] !== ")") at += 1;

  const spelled = (kind, below) => {
    let text;
    if (kind.isList) {
      text = `Array<${spelled(kind.inner, below)}>`;
    } else if (below) {
      text = below;
    } else if (schema.enums.has(kind.inner)) {
      words.add(kind.inner);
      text = kind.inner;
    } else {
      text = SCALARS[kind.inner] ?? "string";
    }
    return kind.nullable ? `${text} | null` : text;
  };
  const write = (name, fields) => {
    const members = Object.entries(fields).map(([field, type]) => `  ${field}: ${type};\n`);
    out.push(`export interface ${name} {\n${members.join("")}}\n`);
  };
  /** A node keeps the name of its type; what is below one is named after both. */
  const named = (parent, field, kind) =>
    parent === "Answer" || kind === "Change" || kind === "Node" ? kind : parent + field[0].toUpperCase() + field.slice(1);
  const members = (on, name) => {
    const own = {};
    const parts = {};
    at += 1;
    while (list[at] !== "}") {
      const word = list[at++];
      if (word === "...") {
        const kind = list[at + 1];
        at += 2;
        parts[kind] = members(kind, kind).own;
        continue;
      }
      let field = word;
      if (list[at] === ":") {
        field = list[at + 1];
        at += 2;
      }
      if (list[at] === "(") {
        while (list[at] !== ")") at += 1;
        at += 1;
      }
      if (field === "__typename") {
        own[word] = "string";
        continue;
      }
      const kind = schema.fields.get(on)?.get(field);
      if (!kind) throw new Error(`${on} has no field ${field}`);
      const below = list[at] === "{" ? selection(baseOf(kind), named(name, word, baseOf(kind))) : undefined;
      own[word] = spelled(kind, below);
    }
    at += 1;
    return { own, parts };
  };
  const selection = (on, name) => {
    const { own, parts } = members(on, name);
    if (Object.keys(parts).length === 0) {
      write(name, own);
      return name;
    }
    for (const [kind, fields] of Object.entries(parts)) write(kind, { ...own, ...fields, __typename: `"${kind}"` });
    out.push(`export type ${name} = ${Object.keys(parts).join(" | ")};\n`);
    return name;
  };
  selection("Query", "Answer");
  const unions = [...words].sort().map((name) => {
    const each = schema.enums.get(name).map((word) => `"${word}"`);
    return `export type ${name} = ${each.join(" | ")};\n`;
  });
  return ["// Generated by generate.mjs; do not edit.\n", ...unions, ...out].join("\n");
}

const schema = schemaOf(given(2, "../../schema.graphql"));
writeFileSync(new URL("src/types.ts", import.meta.url), typesOf(schema, given(3, "../changes.graphql")));
