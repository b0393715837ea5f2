// `multidial why` where it can't answer: bad arguments, wrong usage, an ip that says nothing, a router that can't be read.
import * as assert from 'uvu/assert';
import type { Problem } from '../../../agent/src/contract/index.ts';
import { multidial, rpc } from '../../fake/shell.ts';
import { test } from '../../limit.ts';
import { ask, CLIENT, dialed, pin, sentencesOf, SITE, TCP } from './why-scene.ts';

test('an old ip is asked without -N', () => {
  const router = dialed(pin('p', 'option use wan_02'));
  router.kernel.hasOldIp = true;
  const why = ask(router, '192.168.1.1', SITE);
  assert.equal([why.by, why.mark, why.table, why.link], ['pin', 2, 77_002, 'wan_02']);
  assert.equal([ask(router, ...TCP).link, ask(router, CLIENT, '192.168.1.8').table], ['wan_02', 254]);
});

for (const [title, answer] of [
  ['prints words', { exit: 0, stdout: '203.0.113.5 dev pppoe-wan_02 table 77002 cache \n' }],
  ['does not know the question', { exit: 1, stderr: 'Error: either "to" is duplicate, or "ipproto" is a garbage.\n' }],
  ['prints an empty list', { exit: 0, stdout: '[]\n' }],
] as const) {
  test(`where ip ${title}, the mark is told and the way is not`, () => {
    const router = dialed(pin('p', 'option use wan_02'));
    router.broken.set('ip -N', answer);
    const why = ask(router, ...TCP);
    assert.equal([why.by, why.mark, why.table, why.device, why.link, why.exit], ['pin', 2, undefined, undefined, undefined, 0]);
    assert.is(sentencesOf(why).at(-1), `ip told no route (exit code ${answer.exit}), so the way is not known.`);
  });
}

const badRows: [words: string[], says: RegExp][] = [
  [['', SITE], /Argument SRC must be an IPv4 or IPv6 address/],
  [['lan', SITE], /Argument SRC/],
  [['192.168.1.256', SITE], /Argument SRC/],
  [[`${CLIENT}/32`, SITE], /Argument SRC/],
  [[CLIENT, 'example.org'], /Argument DST must be an address of the same family as SRC/],
  [[CLIENT, '2001:db8::1'], /Argument DST/],
  [['fd00::7', SITE], /Argument DST/],
  [[CLIENT, SITE, 'sctp'], /Argument PROTO must be tcp, udp, icmp or a number/],
  [[CLIENT, SITE, '256'], /Argument PROTO/],
  [[CLIENT, SITE, '-j'], /Argument PROTO/],
  [[CLIENT, SITE, 'constructor'], /Argument PROTO/],
  [[CLIENT, SITE, 'tcp', '0', '443'], /Argument PORT must be a number from 1 to 65535/],
  [[CLIENT, SITE, 'tcp', '1.5', '443'], /Argument PORT/],
  [[CLIENT, SITE, 'tcp', '40000', '65536'], /Argument PORT/],
  [[CLIENT, SITE, 'tcp', '40000', 'https'], /Argument PORT/],
];
for (const [words, says] of badRows) {
  test(`\`why ${words.join(' ')}\` leaves with 1 and says why`, () => {
    const said = multidial(dialed(''), 'why', ...words);
    assert.equal([said.exit, said.effects], [1, []]);
    assert.match(said.output, says);
  });
}

for (const words of [[], [CLIENT], ['--json'], ['--json', CLIENT], [...TCP, 'more'], ['--json', ...TCP, 'more']]) {
  test(`\`why ${words.join(' ')}\` is wrong usage`, () => {
    const said = multidial(dialed(''), 'why', ...words);
    assert.equal([said.exit, said.output, said.effects], [2, 'usage: multidial why [--json] SRC DST [PROTO SPORT DPORT]\n', []]);
  });
}

test('a configuration that can’t be read, and a router that does not answer, are told', () => {
  const broken = dialed('');
  broken.config('multidial', "config line 'wan\n");
  assert.equal([ask(broken, ...TCP).exit, ask(broken, ...TCP).problems[0]?.code], [1, 'config_unreadable']);
  const silent = dialed('');
  silent.broken.set('ubus -t', { exit: 4, stderr: 'no ubus\n' });
  assert.equal([ask(silent, ...TCP).exit, ask(silent, ...TCP).problems[0]?.code], [1, 'command_failed']);
});

// Over rpcd.
const typeRows: [args: Record<string, unknown>, argument: string][] = [
  [{}, 'src'],
  [{ src: 5, dst: SITE }, 'src'],
  [{ src: '', dst: SITE }, 'src'],
  [{ src: 'x'.repeat(70_000), dst: SITE }, 'src'],
  [{ src: CLIENT }, 'dst'],
  [{ src: CLIENT, dst: [SITE] }, 'dst'],
  [{ src: CLIENT, dst: SITE, proto: 6 }, 'proto'],
  [{ src: CLIENT, dst: SITE, proto: {} }, 'proto'],
  [{ src: CLIENT, dst: SITE, proto: 'tcp', sport: '40000' }, 'sport'],
  [{ src: CLIENT, dst: SITE, proto: 'tcp', dport: true }, 'dport'],
];
for (const [args, argument] of typeRows) {
  test(`rpcd’s why refuses ${JSON.stringify(args).slice(0, 70)} by the name of the argument`, () => {
    const router = dialed('');
    const before = router.effects.length;
    const error = rpc(router, 'why', args).reply['error'] as Problem | undefined;
    assert.equal([error?.code, error?.details?.['argument']], ['argument_invalid', argument]);
    assert.is(router.effects.length, before, 'nothing is asked');
  });
}

test('rpcd’s why answers as the shell’s does, and says in its problems what no address is', () => {
  const router = dialed(pin('p', 'option use wan_02', 'list proto tcp', 'list dest_port 443'));
  const [src = '', dst = '', proto = ''] = TCP;
  const question = { src, dst, proto, sport: 40_000, dport: 443 };
  const { exit, ...told } = ask(router, ...TCP);
  assert.equal([rpc(router, 'why', question).reply, exit], [told, 0]);
  assert.equal([told.by, told.link], ['pin', 'wan_02']);
  assert.equal(rpc(router, 'why', { ...question, proto: null, sport: null, dport: null }).reply['question'], { src, dst });
  const odd = rpc(router, 'why', { ...question, sport: 1.5 }).reply['problems'] as Problem[];
  assert.equal(odd[0]?.details, { argument: 'PORT', expected: 'a number from 1 to 65535' });
});

test.run();
