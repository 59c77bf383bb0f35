// Takes the reference client of graphql-transport-ws through its life at a running server.
//
//   npm ci && node socket.mjs http://127.0.0.1:8080/graphql TOKEN SHORT
//
// TOKEN must be of an editor; SHORT a token of the same agency that ends in a few seconds. Subscribes, comes back
// after a cut connection and misses nothing, pings, and is sent away with 4403 when SHORT ends. Ends with 1 at the
// first thing that does not hold, with 2 if it could not ask.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, token, short] = process.argv.slice(2);
if (!URL.canParse(url ?? '') || !token || !short) {
  console.error('Give the address, a token and one that ends soon: node socket.mjs http://127.0.0.1:8080/graphql TOKEN SHORT');
  process.exit(2);
}
const socketUrl = url.replace(/^http/, 'ws');
const patience = AbortSignal.timeout(60_000);
patience.addEventListener('abort', () => fail('not done after 60 s'));

function fail(reason) {
  console.error(`FAILED: ${reason}`);
  process.exit(1);
}

function holds(condition, what) {
  if (!condition) fail(what);
  console.log(`ok     ${what}`);
}

async function ask(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: patience,
  });
  const { data, errors } = await response.json();
  if (errors) fail(`${query}: ${JSON.stringify(errors)}`);
  return data;
}

let drawn = 0;
async function make() {
  drawn += 1;
  const input = { code: `CONF-${Date.now()}-${drawn}`, nameZh: '一致性测试机构', region: '440100' };
  const query = 'mutation($i: InstitutionCreateInput!) { institutionCreate(input: $i) { institution { id } } }';
  return (await ask(query, { i: input })).institutionCreate.institution.id;
}

function open(bearer, options = {}) {
  return createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${bearer}` },
    retryAttempts: 0,
    ...options,
  });
}

const FOLLOW = 'subscription($after: String) { events(after: $after) { position name subject } }';

try {
  await ask('{ __typename }');
} catch (error) {
  console.error(`${url} does not answer a first query: ${error.cause?.message ?? error.message}`);
  process.exit(2);
}

// Queries over the socket, and the error of a document that cannot be executed.
const first = open(token);
const named = await first.iterate({ query: '{ __typename }' }).next();
holds(named.value.data.__typename === 'Query', 'a query is answered over the socket');
const wrong = await first.iterate({ query: '{ nothing }' }).next().then(() => null, (errors) => errors);
holds(Array.isArray(wrong) && wrong[0].message, 'an invalid document is an error with its list');

// A subscription.
let after = (await ask('{ eventsPosition }')).eventsPosition;
const events = first.iterate({ query: FOLLOW, variables: { after } });
const [made, told] = await Promise.all([make(), events.next()]);
holds(told.value.data.events.subject === made, 'an event is told');
after = told.value.data.events.position;
await events.return();
await first.dispose();

// Coming back: the connection is cut, events happen, and the client goes on where it was.
let socket;
// Retrying is left to the loop below: the client itself would ask with the first position again.
const again = open(token, { on: { connected: (connected) => { socket = connected; } } });
const seen = [];
let wake = () => {};
async function follow() {
  while (seen.length < 4) {
    try {
      for await (const { data } of again.iterate({ query: FOLLOW, variables: { after } })) {
        after = data.events.position;
        seen.push(data.events.subject);
        wake();
        if (seen.length >= 4) return;
      }
    } catch {
      // Cut; the next round goes on after the last position.
    }
  }
}
const following = follow();
const expected = [await make(), await make()];
while (seen.length < 2) await new Promise((resolve) => { wake = resolve; });
socket.terminate();
expected.push(await make(), await make());
await following;
holds(seen.join() === expected.join(), 'who comes back misses nothing and hears nothing twice');
await again.dispose();

// Pings by the client.
const pong = await new Promise((resolve) => {
  const client = open(token, {
    lazy: false,
    keepAlive: 100,
    onNonLazyError: (error) => fail(`ping: ${JSON.stringify(error)}`),
    on: { pong: (received) => { if (received) { resolve(true); client.dispose(); } } },
  });
});
holds(pong, 'a ping is answered');

// The end of a token.
const closed = await new Promise((resolve) => {
  const client = open(short, { on: { closed: resolve } });
  client.subscribe({ query: FOLLOW }, { next() {}, error() {}, complete() {} });
});
holds(closed.code === 4403 && closed.reason === 'token expired', `the socket ends with its token (${closed.code} ${closed.reason})`);
process.exit(0);
