// Takes webhooks of a running server with the reference library of Standard Webhooks.
//
//   npm ci && node webhook.mjs http://127.0.0.1:8080/graphql ADMINISTRATOR EDITOR
//
// The two are tokens of one agency, and the server must allow http to 127.0.0.0/8. Makes a webhook, verifies what comes, also
// while its secret is rotated, and by a public key; finds that what was tampered with does not hold. Ends with 1 at the first
// thing that does not hold, with 2 if it could not ask.
import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const [url, administrator, editor] = process.argv.slice(2);
if (!URL.canParse(url ?? '') || !administrator || !editor) {
  console.error('Give the address and two tokens: node webhook.mjs http://127.0.0.1:8080/graphql ADMINISTRATOR EDITOR');
  process.exit(2);
}
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

async function ask(token, query, variables) {
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

// What came and nobody has taken yet, and who waits for more.
const came = [];
let waiting;
const receiver = createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    response.writeHead(204).end();
    came.push({ headers: request.headers, body: Buffer.concat(pieces).toString('utf8') });
    waiting?.();
  });
});
await new Promise((listens) => receiver.listen(0, '127.0.0.1', listens));
async function next() {
  while (came.length === 0) await new Promise((resolve) => { waiting = resolve; });
  return came.shift();
}

function isRefused(webhook, body, headers) {
  try {
    webhook.verify(body, headers);
    return false;
  } catch {
    return true;
  }
}

const create = 'mutation($i: WebhookCreateInput!) { webhookCreate(input: $i) { secret webhook { id } } }';
const target = `http://127.0.0.1:${receiver.address().port}/hook`;
const made = (await ask(administrator, create, { i: { url: target, names: ['institution.changed.v1'] } })).webhookCreate;
const first = new Webhook(made.secret);

const institution = `mutation($i: InstitutionCreateInput!) { institutionCreate(input: $i) { institution { id } } }`;
const input = { code: 'WEBHOOK', nameZh: '钩子检验所', region: '440100' };
const subject = (await ask(editor, institution, { i: input })).institutionCreate.institution.id;
const event = await next();
const told = first.verify(event.body, event.headers);
holds(told.subject === subject && told.specversion === '1.0', 'standardwebhooks verifies an event');
holds(event.headers['webhook-id'] === told.id, 'the id of the message is that of the event');
holds(isRefused(first, `${event.body} `, event.headers), 'a body that was changed does not hold');
holds(isRefused(first, event.body, { ...event.headers, 'webhook-id': 'other' }), 'another id does not hold');
holds(isRefused(new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), event.body, event.headers), 'another secret does not hold');

const rotate = 'mutation($id: ID!, $i: WebhookRotateSecretInput) { webhookRotateSecret(id: $id, input: $i) { secret } }';
const test = 'mutation($id: ID!) { webhookSendTest(id: $id) { delivery { id } } }';
const id = made.webhook.id;
const rotated = (await ask(administrator, rotate, { id })).webhookRotateSecret.secret;
await ask(administrator, test, { id });
const both = await next();
first.verify(both.body, both.headers);
new Webhook(rotated).verify(both.body, both.headers);
holds(both.headers['webhook-signature'].split(' ').length === 2, 'the old secret and the new one hold while they are rotated');

const asymmetric = (await ask(administrator, rotate, { id, i: { signing: 'ED25519', overlapHours: 0 } })).webhookRotateSecret.secret;
await ask(administrator, test, { id });
const signed = await next();
const [version, signature] = signed.headers['webhook-signature'].split(',');
const raw = Buffer.from(asymmetric.replace(/^whpk_/, ''), 'base64').toString('base64url');
const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: raw } });
const content = `${signed.headers['webhook-id']}.${signed.headers['webhook-timestamp']}.${signed.body}`;
holds(version === 'v1a' && verify(null, Buffer.from(content), key, Buffer.from(signature, 'base64')), 'the public key verifies what is signed with Ed25519');
process.exit(0);
