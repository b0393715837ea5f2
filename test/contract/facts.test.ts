// Facts 1 to 41 about rpcd, /ubus and uci: each is proved by replayed entries, by a test here, or both.
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { accepted } from './accepted.ts';
import { apart } from './apart.ts';
import { NOBODY, call, dataOf, login, post, request } from './client.ts';
import { FACTS } from './facts.ts';
import { exchange } from './http.ts';
import { readRecording } from './recording.ts';
import type { RecordingName } from './recording.ts';
import { startRouter } from './router.ts';
import type { Router } from './router.ts';

const test = suite('facts', {}, { limitMs: 60_000 });
let router: Router;
let root: string;
let editor: string;

/** A plugin of this router, with a right for everybody who may use `bench`. */
function addPlugin(name: string, methods: object, body: string): void {
  writeFileSync(join(router.root, 'usr/libexec/rpcd', name), `#!/bin/bash\ncase $1 in list) echo '${JSON.stringify(methods)}';; call)\n${body}\n;; esac\n`, {
    mode: 0o755,
  });
  const right = { [name]: { read: { ubus: { [name]: ['*'] } } } };
  writeFileSync(join(router.root, 'usr/share/rpcd/acl.d', `${name}.json`), JSON.stringify(right));
}

test.before(async () => {
  router = await startRouter({ limitMs: 4000 });
  addPlugin(
    'stdin',
    { state: {}, child: {}, silent: {} },
    'read -r line; state=$?; case $2 in state) echo "{\\"state\\":$state}";; child) sleep 77; echo "{}";; esac',
  );
  await router.rpcd.reload();
  root = await login(router);
  editor = await login(router, 'editor');
});
test.after(() => router.stop());

test('every fact has a proof, and every proof is replayed', () => {
  assert.equal(
    Object.keys(FACTS).map(Number),
    Array.from({ length: 41 }, (_, index) => index + 1),
  );
  for (const [fact, { entries = {}, here, not }] of Object.entries(FACTS)) {
    assert.ok(here || not || Object.keys(entries).length > 0, `fact ${fact}`);
    for (const [name, ids = []] of Object.entries(entries)) {
      const known = readRecording(name as RecordingName).map(({ id }) => id);
      const isReplayed = (id: string) => known.includes(id) && !apart[name as RecordingName]?.[id] && !accepted[name as RecordingName]?.[id];
      assert.equal(
        ids.filter((id) => !isReplayed(id)),
        [],
        `fact ${fact}`,
      );
    }
  }
});

test('1: only GET of /ubus itself or of another path is not found; /ubus/ is /ubus', async () => {
  const statusOf = async (line: string) => (await request(router, line)).head.split('\r\n')[0];
  assert.is(await statusOf('GET /ubus'), 'HTTP/1.1 404 Not Found');
  assert.is(await statusOf('GET /ubus/x'), 'HTTP/1.1 404 Not Found');
  assert.equal(await post(router, '[]', '/ubus/'), []);
});

test('3: another jsonrpc version and arguments that are a text are parse errors', async () => {
  assert.is((await post(router, JSON.stringify({ jsonrpc: '1.0', id: 1, method: 'list' }))).error?.code, -32700);
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params: [root, 'bench', 'noargs', 'text'] });
  assert.is((await post(router, body)).error?.code, -32700);
});

test('4: session.access tells what a denied call does not', async () => {
  const args = { scope: 'ubus', object: 'bench', function: 'noargs' };
  assert.equal(await dataOf(router, root, 'session', 'access', args), { access: true });
  assert.equal(await dataOf(router, NOBODY, 'session', 'access', args), { access: false });
  assert.is((await call(router, NOBODY, 'bench', 'noargs')).error?.code, -32002);
});

test('5: even root can call over HTTP only what is listed', async () => {
  for (const method of ['set', 'get', 'destroy', 'create', 'grant']) {
    assert.is((await call(router, root, 'session', method, { values: { a: 1 } })).error?.code, -32002, method);
  }
});

test('7: a reload keeps sessions and gives them the new rights, a restart drops them', async () => {
  const other = await startRouter();
  try {
    const sid = await login(other);
    assert.match(sid, /^[0-9a-f]{32}$/);
    assert.is((await call(other, sid, 'session', 'get')).error?.code, -32002);
    const right = { more: { read: { ubus: { session: ['get'] } } } };
    writeFileSync(join(other.root, 'usr/share/rpcd/acl.d/more.json'), JSON.stringify(right));
    await other.rpcd.reload();
    assert.equal(await dataOf(other, sid, 'session', 'get'), { values: { username: 'root' } });
    await other.rpcd.restart();
    assert.is((await call(other, sid, 'bench', 'noargs')).error?.code, -32002);
  } finally {
    await other.stop();
  }
});

test('8: a body of 65535 bytes passes, one more does not', async () => {
  const sized = (length: number) => {
    const [start, end] = [`{"jsonrpc":"2.0","id":1,"method":"call","params":["${root}","bench","noargs",{"t":"`, '"}]}'];
    return start + 'x'.repeat(length - start.length - end.length) + end;
  };
  assert.equal((await post(router, sized(65_535))).result, [0, { ok: true }]);
  assert.is((await post(router, sized(65_536))).error?.code, -32700);
});

test('10: an id comes back as it was, also a table', async () => {
  const id = { a: [1, 'x'] };
  assert.equal((await post(router, JSON.stringify({ jsonrpc: '2.0', id, method: 'list', params: [] }))).id, id);
});

test('12: events of an object are for a session with the right :subscribe', async () => {
  const right = { events: { read: { ubus: { 'network.interface': [':subscribe'] } } } };
  writeFileSync(join(router.root, 'usr/share/rpcd/acl.d/events.json'), JSON.stringify(right));
  await router.rpcd.reload();
  const lines = ['GET /ubus/subscribe/network.interface HTTP/1.1', 'Host: x', `Authorization: Bearer ${root}`, '', ''];
  const reply = await exchange(router.port, lines.join('\r\n'), { silenceMs: 200 });
  assert.match(reply, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(reply, /\r\nContent-Type: text\/event-stream\r\n/);
});

test('13: a client that asks before it sends the body is told to go on', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'list', params: ['bench'] });
  const head = ['POST /ubus HTTP/1.1', 'Host: x', 'Expect: 100-continue', `Content-Length: ${body.length}`, 'Connection: close', '', ''].join('\r\n');
  const reply = await exchange(router.port, head + body);
  assert.match(reply, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
});

test('14: whole numbers keep 64 bits, and what is larger is the largest', async () => {
  const args = '{"i":9007199254740993,"u":18446744073709551615,"f":1.5,"s":"a\\u0000b"}';
  const body = `{"jsonrpc":"2.0","id":1,"method":"call","params":["${root}","bench","echo",${args}]}`;
  const reply = await request(router, 'POST /ubus', [], body);
  assert.ok(reply.body.includes('{"i":9007199254740993,"u":9223372036854775807,"f":1.500000,"s":"a",'), reply.body);
});

test("22: a session's changes go with the session", async () => {
  const sid = await login(router, 'root', 1);
  const dir = join(router.root, 'var/run/rpcd', `uci-${sid}`);
  await call(router, sid, 'uci', 'set', { config: 'benchcfg', section: 'named', values: { x: 'gone' } });
  assert.ok(existsSync(join(dir, 'benchcfg')));
  await sleep(1500);
  assert.not.ok(existsSync(dir));
});

test('24: an apply that nobody confirms is undone, and its changes are pending again', async () => {
  const x = async () => (await dataOf(router, root, 'uci', 'get', { config: 'benchcfg', section: 'named', option: 'x' }))['value'];
  const file = () => readFileSync(join(router.root, 'etc/config/benchcfg'), 'utf8');
  const before = file();
  await call(router, root, 'uci', 'set', { config: 'benchcfg', section: 'named', values: { x: 'tried' } });
  assert.equal((await call(router, root, 'uci', 'apply', { rollback: true, timeout: 1 })).result, [0]);
  assert.match(file(), 'tried');
  await sleep(1500);
  assert.is(file(), before);
  assert.is(await x(), 'tried');
  assert.equal((await dataOf(router, root, 'uci', 'changes', { config: 'benchcfg' }))['changes'], [['set', 'named', 'x', 'tried']]);
  await call(router, root, 'uci', 'revert', { config: 'benchcfg' });
});

test('25: a commit and an apply tell that a package changed', async () => {
  const told = () => router.changed.splice(0);
  told();
  await call(router, editor, 'uci', 'set', { config: 'benchcfg', section: 'named', values: { x: 'one' } });
  assert.equal(told(), []);
  await call(router, editor, 'uci', 'commit', { config: 'benchcfg' });
  assert.equal(told(), ['benchcfg']);
  await call(router, editor, 'uci', 'set', { config: 'benchcfg', section: 'named', values: { x: 'two' } });
  await call(router, editor, 'uci', 'apply', {});
  assert.equal(told(), ['benchcfg']);
});

test('32: a plugin gets its arguments without a line end', async () => {
  assert.equal((await call(router, root, 'stdin', 'state')).result, [0, { state: 1 }]);
});

test('34: a plugin that prints nothing has no data', async () => {
  assert.equal((await call(router, root, 'stdin', 'silent')).result, [5]);
  assert.equal((await call(router, root, 'bench', 'empty')).result, [5]);
});

test("35: what a plugin started goes on after rpcd's limit", async () => {
  assert.equal((await call(router, root, 'stdin', 'child')).result, [5]);
  const isOurs = (pid: string) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === router.root && /sleep\0(.*\0)?77\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    } catch {
      return false;
    }
  };
  assert.ok(readdirSync('/proc').some(isOurs));
});

test('39: files of 256 KiB are not read, a NUL ends a text, and new files are for everybody', async () => {
  const dir = join(router.root, 'tmp/bench');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'allowed-big'), 'a'.repeat(256 * 1024));
  writeFileSync(join(dir, 'allowed-less'), 'a'.repeat(256 * 1024 - 1));
  writeFileSync(join(dir, 'allowed-nul'), 'a\0b');
  const read = (name: string) => call(router, editor, 'file', 'read', { path: `/tmp/bench/${name}` });
  assert.equal((await read('allowed-big')).result, [8]);
  assert.is(((await read('allowed-less')).result as [number, { data: string }])[1].data.length, 256 * 1024 - 1);
  assert.equal((await read('allowed-nul')).result, [0, { data: 'a' }]);
  const modeOf = (name: string) => statSync(join(dir, name)).mode & 0o777;
  await call(router, editor, 'file', 'write', { path: '/tmp/bench/allowed-new', data: 'x' });
  assert.is(modeOf('allowed-new'), 0o666);
  await call(router, editor, 'file', 'write', { path: '/tmp/bench/allowed-own', data: 'x', mode: 0o600 });
  assert.is(modeOf('allowed-own'), 0o600);
  assert.equal((await call(router, editor, 'file', 'write', { path: '/tmp/bench/allowed-bad', data: '!!', base64: true })).result, [6]);
  assert.is(statSync(join(dir, 'allowed-bad')).size, 0);
});

test.run();
