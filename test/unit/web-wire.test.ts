// JSON-RPC as uhttpd speaks it: what each shape of answer means, and how batches are cut.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import type { Result } from '../../web/src/ubus/fault.ts';
import { request } from '../../web/src/ubus/objects.ts';
import { MAX_BODY_BYTES, parseAnswer, parseAnswers, renderCall, toPosts } from '../../web/src/ubus/wire.ts';

const answers = suite('answers');

const rows: [what: string, answer: unknown, result: Result<unknown>][] = [
  ['data', { result: [0, { access: true }] }, { ok: true, value: { access: true } }],
  ['a method without data', { result: [0] }, { ok: true, value: undefined }],
  ['a wrong password', { result: [6] }, { ok: false, fault: { kind: 'ubus', code: 6, status: 'PERMISSION_DENIED' } }],
  ['an argument of the wrong type', { result: [2] }, { ok: false, fault: { kind: 'ubus', code: 2, status: 'INVALID_ARGUMENT' } }],
  ['nothing to apply', { result: [5] }, { ok: false, fault: { kind: 'ubus', code: 5, status: 'NO_DATA' } }],
  ['a plugin that took longer than 30 s', { result: [7] }, { ok: false, fault: { kind: 'ubus', code: 7, status: 'TIMEOUT' } }],
  ['a status nobody has named', { result: [42] }, { ok: false, fault: { kind: 'ubus', code: 42, status: 'status 42' } }],
  [
    'a session that is gone',
    { error: { code: -32002, message: 'Access denied' } },
    { ok: false, fault: { kind: 'protocol', code: -32002, message: 'Access denied' } },
  ],
  [
    'an object that is not there',
    { error: { code: -32000, message: 'Object not found' } },
    { ok: false, fault: { kind: 'protocol', code: -32000, message: 'Object not found' } },
  ],
  ['an error without a code', { error: { message: 'x' } }, { ok: false, fault: { kind: 'malformed', message: 'an error without a code' } }],
  ['an empty result', { result: [] }, { ok: false, fault: { kind: 'malformed', message: 'neither result nor error' } }],
  ['a result that is no list', { result: { 0: 0 } }, { ok: false, fault: { kind: 'malformed', message: 'neither result nor error' } }],
  ['null', null, { ok: false, fault: { kind: 'malformed', message: 'not an object' } }],
];
for (const [what, answer, result] of rows) answers(`reads ${what}`, () => assert.equal(parseAnswer(answer), result));
answers.run();

const bodies = suite('bodies');
const value = (result: Result<unknown> | undefined): unknown => (result?.ok ? result.value : result?.fault);
const ok = (id: unknown, data: unknown) => ({ jsonrpc: '2.0', id, result: [0, data] });

bodies('gives each call of a batch its own answer, by id', () => {
  const text = JSON.stringify([ok(9, 'c'), ok(7, 'a'), ok(8, 'b')]);
  assert.equal(parseAnswers(text, [7, 8, 9]).map(value), ['a', 'b', 'c']);
});

bodies('takes an answer without an id for the call at its place', () => {
  const bad = { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } };
  const results = parseAnswers(JSON.stringify([ok(1, 'a'), bad, ok(3, 'c')]), [1, 2, 3]);
  assert.equal(results.map(value), ['a', { kind: 'protocol', code: -32700, message: 'Parse error' }, 'c']);
});

bodies('never gives a call the answer of another one', () => {
  const results = parseAnswers(JSON.stringify([ok(2, 'b')]), [1, 2]);
  assert.equal(results.map(value), [{ kind: 'malformed', message: 'an answer is missing' }, 'b']);
});

bodies('gives every call the one error that a body which could not be read has', () => {
  const text = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } });
  const fault = { kind: 'protocol', code: -32700, message: 'Parse error' };
  assert.equal(parseAnswers(text, [1, 2, 3]).map(value), [fault, fault, fault]);
});

bodies('does not take one good answer for that of several calls', () => {
  assert.equal(parseAnswers(JSON.stringify(ok(1, 'a')), [1, 2]).map(value), [
    { kind: 'malformed', message: 'one answer to several calls' },
    { kind: 'malformed', message: 'one answer to several calls' },
  ]);
  assert.equal(parseAnswers(JSON.stringify(ok(1, 'a')), [1]).map(value), ['a']);
});

for (const text of ['', '<html>502</html>', '{"jsonrpc":"2.0","id":1,"result":[0,{"a"']) {
  bodies(`says of ${JSON.stringify(text)} that it is no JSON`, () => {
    assert.equal(parseAnswers(text, [1, 2]).map(value), [
      { kind: 'malformed', message: 'not JSON' },
      { kind: 'malformed', message: 'not JSON' },
    ]);
  });
}
bodies.run();

const posts = suite('posts');
const bytesOf = (text: string): number => Buffer.byteLength(text);

posts('renders a call as uhttpd reads it: session, object, method, an object of arguments', () => {
  const text = renderCall(3, 'f'.repeat(32), request('multidial', 'status', {}));
  assert.equal(JSON.parse(text), { jsonrpc: '2.0', id: 3, method: 'call', params: ['f'.repeat(32), 'multidial', 'status', {}] });
});

posts('sends a single call bare and several as a batch', () => {
  assert.is(toPosts(['{}'])[0]?.body, '{}');
  assert.is(toPosts(['{"a":1}', '{"b":2}'])[0]?.body, '[{"a":1},{"b":2}]');
  assert.equal(toPosts([]), []);
});

posts('cuts a big batch into posts below 60 KB and loses no call', () => {
  const calls = Array.from({ length: 50 }, (_, index) => JSON.stringify({ index, text: 'ü'.repeat(2000) }));
  const cut = toPosts(calls);
  assert.ok(cut.length > 1);
  for (const { body, bytes } of cut) {
    assert.ok(bytesOf(body) <= MAX_BODY_BYTES, `${bytesOf(body)} bytes`);
    assert.ok(bytes >= bytesOf(body), 'the size given is not below the real one');
  }
  assert.equal(
    cut.flatMap(({ body }) => JSON.parse(body) as object[]),
    calls.map((call) => JSON.parse(call) as object),
  );
  assert.equal(
    cut.map(({ from }) => from),
    cut.map((_, place) => cut.slice(0, place).reduce((sum, { count }) => sum + count, 0)),
  );
});

posts('fills a post to the last byte and not further', () => {
  const call = JSON.stringify('x'.repeat(97)); // 99 bytes, 100 with its comma
  assert.equal(
    toPosts([call, call, call], 201).map(({ count }) => count),
    [2, 1],
  );
  assert.equal(
    toPosts([call, call, call], 200).map(({ count }) => count),
    [1, 1, 1],
  );
});

posts('gives a call that is too big alone a post of its own, with its size', () => {
  const [small = '', big = ''] = ['{"a":1}', JSON.stringify('x'.repeat(70_000))];
  const cut = toPosts([small, big, small]);
  assert.equal(
    cut.map(({ count }) => count),
    [1, 1, 1],
  );
  assert.ok((cut[1]?.bytes ?? 0) > 70_000);
});
posts.run();
