// Probes by question: resolvers and pages, a program each time, and what its end says of the link.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { argvOf, type AskerTask } from '../../../agent/src/watch/asker.ts';
import { Watcher } from '../../../agent/src/watch/watcher.ts';
import { FakeLoop } from '../../fake/loop.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { test } from '../../limit.ts';

const probe = (...options: string[]): string => `config probe 'all'\n${options.map((option) => `\t${option}\n`).join('')}`;

function watching(config: string, says: FakeLoop['says'], client = '') {
  const router = aDialedRouter(`${line('sessions 2')}${config}`);
  router.files.makeDirectory('/bin', 0o755);
  if (client) router.write(client, '', 0o755);
  const loop = new FakeLoop(router);
  loop.says = says;
  new Watcher(router.start(), loop).start();
  loop.pass(3000);
  const sharing = () =>
    router.kernel.routes
      .filter((route) => route.protocol === 77 && route.table === 254 && route.family === 'ipv4')
      .flatMap((route) => router.kernel.legsOf(route).map((leg) => leg.device));
  return { router, loop, sharing };
}

test('a resolver that answers proves life, one that does not is missed', () => {
  const asked: string[] = [];
  let answers = true;
  const { loop, sharing } = watching(probe("option kind 'dns'", "list target '192.0.2.53'", "option name 'example.org'"), (argv) => {
    if (argv[0] === 'nslookup') asked.push(argv.join(' '));
    return { lines: [], exit: answers ? 0 : 1, takesMs: 30 };
  });
  loop.pass(20_000);
  assert.equal([...new Set(asked)], ['nslookup example.org 192.0.2.53']);
  assert.ok(asked.length >= 8 && asked.length <= 10, `${asked.length}: two links, each 5 s`);
  assert.is(sharing().length, 2);
  answers = false;
  loop.pass(20_000);
  assert.is(sharing().length, 2, 'where all are dead none is');
});

test('a link whose questions are not answered leaves, and is back when they are', () => {
  // The process group tells which link asks; here the first of each round is wan_01’s.
  let turn = 0;
  let isHole = true;
  const { loop, sharing } = watching(probe("option kind 'dns'", "list target '192.0.2.53'"), (argv) => {
    if (argv[0] !== 'nslookup') return { lines: [], exit: 0 };
    turn++;
    return { lines: [], exit: turn % 2 === 1 && isHole ? 1 : 0 };
  });
  loop.pass(20_000);
  assert.equal(sharing(), ['pppoe-wan_02']);
  isHole = false;
  loop.pass(20_000);
  assert.equal(sharing(), ['pppoe-wan_01', 'pppoe-wan_02']);
});

test('any page proves life, and a program that is missing says nothing', () => {
  const http = probe("option kind 'http'", "list url 'http://192.0.2.80/'");
  const codes: [exit: number, links: number, calls: boolean][] = [
    [0, 2, true],
    [8, 2, true],
    [4, 2, true],
  ];
  for (const [exit, links, calls] of codes) {
    const { loop, sharing } = watching(http, () => ({ lines: [], exit }), '/bin/uclient-fetch');
    loop.pass(30_000);
    assert.is(sharing().length, links);
    assert.is(
      loop.started.some((call) => call === '/bin/uclient-fetch -4 -q -s -T 5 http://192.0.2.80/'),
      calls,
    );
  }
  const none = watching(http, () => ({ lines: [], exit: 0 }));
  none.loop.pass(30_000);
  assert.is(none.sharing().length, 2);
  assert.not.ok(none.loop.started.some((call) => call.includes('http')));
});

test('a question without an answer in its time is ended before the next', () => {
  const { loop } = watching(probe("option kind 'dns'", "list target '192.0.2.53'", "option interval '3'"), () => ({ lines: [], exit: 0, takesMs: 1e9 }));
  loop.pass(30_000);
  assert.ok(loop.started.length >= 20);
  assert.ok(loop.running <= 2 + 1, `${loop.running} programs run`);
});

for (const [client, expected] of [
  ['/usr/bin/curl', ['/usr/bin/curl', '-4', '-s', '-I', '-o', '/dev/null', '-m', '5', 'http://x/']],
  ['/bin/uclient-fetch', ['/bin/uclient-fetch', '-4', '-q', '-s', '-T', '5', 'http://x/']],
  ['', undefined],
] as const) {
  test(`pages are asked for by ${client || 'nobody, where there is no client'}`, () => {
    const router = aDialedRouter('');
    for (const directory of ['/bin', '/usr/bin']) router.files.makeDirectory(directory, 0o755);
    if (client) router.write(client, '', 0o755);
    const task: AskerTask = { kind: 'http', slot: 1, targets: ['http://x/'], name: '', intervalS: 5 };
    assert.equal(argvOf(router.start(), task, 'http://x/'), expected && [...expected]);
  });
}

test.run();
