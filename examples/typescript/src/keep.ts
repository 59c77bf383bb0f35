// Keeps a copy of what a caller may see in Labpact, in a JSON file.
//
//   npm ci && npm run build
//   LABPACT_TOKEN=… npm run keep -- http://127.0.0.1:8080/graphql copy.json
//
// Run it as often as you like: each run goes on from the position that the last one saved.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import type { Answer, ChangePage, Node } from "./types.js";

const QUERY = readFileSync(new URL("../../changes.graphql", import.meta.url), "utf8");
const PAGE = 200;
const TRIES = 5;
/** Pages that are kept in memory before the file is written. */
const BETWEEN = 50;

interface Copy {
  position: string | null;
  objects: Record<string, Node>;
}

interface Problem {
  message: string;
  extensions?: { code?: string; retryAfter?: number };
}

class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** One page; what is unavailable for a moment is asked again. */
async function ask(url: string, token: string, since: string | null): Promise<ChangePage> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        accept: "application/graphql-response+json",
      },
      body: JSON.stringify({ query: QUERY, variables: { since, first: PAGE } }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const answer = (text.startsWith("{") ? JSON.parse(text) : {}) as { data?: Answer; errors?: Problem[] };
    if (!answer.errors && answer.data) return answer.data.changes;
    const first = answer.errors?.[0];
    const code = first?.extensions?.code ?? "UNKNOWN";
    const passes = [429, 502, 503].includes(response.status) || code === "LIMITED" || code === "UNAVAILABLE";
    if (!passes || attempt === TRIES) throw new Refused(code, first?.message ?? `HTTP ${response.status}`);
    const wait = Number(response.headers.get("retry-after")) || first?.extensions?.retryAfter || 2 ** attempt;
    await pause(wait * 1000);
  }
}

function load(file: string): Copy {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Copy;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { position: null, objects: {} };
    throw error;
  }
}

/** The objects and the position in one file that takes the place of the last one: they belong together. */
function save(file: string, copy: Copy): void {
  writeFileSync(`${file}.new`, JSON.stringify(copy));
  renameSync(`${file}.new`, file);
}

/** Goes on until there is no more; how many objects were kept and how many removed. */
async function keepUp(file: string, url: string, token: string): Promise<{ kept: number; removed: number }> {
  let copy = load(file);
  let [kept, removed, pages] = [0, 0, 0];
  for (;;) {
    let page: ChangePage;
    try {
      page = await ask(url, token, copy.position);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "POSITION_UNKNOWN" || copy.position === null) throw error;
      // The instance was restored, or the token is another caller's: what is kept proves nothing any more.
      copy = { position: null, objects: {} };
      continue;
    }
    for (const change of page.changes) {
      if (change.op === "UPSERT" && change.node) {
        kept += 1;
        copy.objects[change.id] = change.node;
      } else if (change.id in copy.objects) {
        removed += 1;
        delete copy.objects[change.id];
      }
    }
    copy.position = page.position;
    pages += 1;
    if (!page.hasMore || pages % BETWEEN === 0) save(file, copy);
    if (!page.hasMore) return { kept, removed };
  }
}

const [url, file] = process.argv.slice(2);
const token = process.env["LABPACT_TOKEN"];
if (!url || !file || !token) {
  console.error("Set LABPACT_TOKEN to an access token, and pass the address and the file: npm run keep -- URL FILE");
  process.exit(2);
}
const { kept, removed } = await keepUp(file, url, token);
console.log(`${kept} kept, ${removed} removed`);
