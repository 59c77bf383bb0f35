// Holds a running server against the audits of the GraphQL-over-HTTP specification.
//
//   npm ci && node audit.mjs http://127.0.0.1:8080/graphql TOKEN
//
// Prints one line for each audit. Ends with 1 if one at the level MUST or SHOULD fails, with 2 if it could not ask.
// An audit at the level MAY that fails is told as a notice.
import { serverAudits } from 'graphql-http';

const [url, token] = process.argv.slice(2);
if (!URL.canParse(url ?? '')) {
  console.error('Give the address of the interface and a token: node audit.mjs http://127.0.0.1:8080/graphql TOKEN');
  process.exit(2);
}

async function ask(input, init = {}) {
  const headers = new Headers(init.headers);
  if (token) headers.set('authorization', `Bearer ${token}`);
  return fetch(input, { ...init, headers, signal: AbortSignal.timeout(30_000) });
}

// A server that is down, or a token that is refused, would show as dozens of failed audits: say it once instead.
try {
  const response = await ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  const text = await response.text();
  if (response.status === 401 || response.status === 403) throw new Error(`${response.status} ${text}`);
} catch (error) {
  console.error(`${url} does not answer a first query: ${error.cause?.message ?? error.message}`);
  process.exit(2);
}

const counts = { ok: 0, notice: 0, warn: 0, error: 0 };
for (const audit of serverAudits({ url, fetchFn: ask })) {
  const result = await audit.fn();
  counts[result.status] += 1;
  const reason = result.status === 'ok' ? '' : `: ${result.reason}`;
  console.log(`${result.status.padEnd(6)} ${audit.id} ${audit.name}${reason}`);
}

const failed = counts.warn + counts.error;
console.log(`${counts.ok} ok, ${counts.error} MUST failed, ${counts.warn} SHOULD failed, ${counts.notice} MAY not met`);
process.exit(counts.ok === 0 || failed > 0 ? 1 : 0);
