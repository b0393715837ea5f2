// Bad replies of netifd and ip, by table: what is said of them, that nothing is changed by them and nothing executed.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import type { Problem } from '../../agent/src/contract/index.ts';
import { KERNEL_QUERY, RULES6_QUERY } from '../../agent/src/observe/kernel.ts';
import { runIp } from '../fake/ip.ts';
import type { Router } from '../fake/router.ts';
import { changesOf, multidial, settle } from '../fake/shell.ts';
import { test } from '../limit.ts';
import { dumps, kernels, oddities, rules6, strangers, type Answer } from './bad-input/replies.ts';
import { CONFIG, DSL, WAN, dialed, look, nothingChanged, nothingExecuted, nothingLost, ourLinks, sharing, short } from './bad-input/scene.ts';

const KERNEL = /^ip -force( -N)? -j /;
const RULES6 = /^ip -force -6( -N)? -j /;
const DUMP = /network\.interface dump$/;

/** Answers one question otherwise: what a batch of changes is told stays true. */
function answering(router: Router, question: RegExp, { exit, stdout = '', stderr = '' }: Answer): void {
  router.onEffect = ({ kind, what }) => {
    router.broken.clear();
    if (kind === 'command' && question.test(what)) router.broken.set(what.split(' ').slice(0, 2).join(' '), { exit, stdout, stderr });
  };
}

/** The good reply to a question. */
function goodReply(router: Router, question: RegExp): string {
  if (question === DUMP) return router.netifd.dump();
  if (question === RULES6) return runIp(router.kernel, ['-6', '-N', '-j', '-batch', '-'], RULES6_QUERY).stdout;
  return runIp(router.kernel, ['-N', '-j', '-batch', '-'], KERNEL_QUERY).stdout;
}

for (const [what, question, replies] of [
  ['netifd', DUMP, dumps],
  ['ip', KERNEL, kernels],
  ['ip -6', RULES6, rules6],
] as const) {
  for (const { name, of, says } of replies) {
    test(`a reply of ${what} ${name}: ${says}, and nothing is changed`, () => {
      const router = dialed();
      router.config('multidial', `${WAN.replace("'2'", "'1'")}${DSL}`);
      router.netifd.down('wan_02');
      answering(router, question, of(goodReply(router, question)));
      const before = look(router);
      for (const words of [['apply', '--json'], ['plan', '--json'], ['status', '--json'], ['hotplug'], ['hotplug', 'ifup', 'pppoe-wan_01']]) {
        if (question === RULES6 && words[0] !== 'apply' && words[0] !== 'plan') continue; // the others ask for no rules of IPv6
        const { output, exit, effects } = multidial(router, ...words);
        assert.equal(changesOf(effects), [], words[0]);
        nothingExecuted(effects);
        nothingChanged(router, before);
        if (words[0] === 'hotplug') continue;
        const { problems } = JSON.parse(output) as { problems: Problem[] };
        assert.equal([exit, short(problems)], [1, [says]], words[0]);
        assert.match(String(problems[0]?.details?.['command']), question);
      }
    });
  }
}

for (const { name, spoil } of oddities) {
  test(`a link with ${name} is left out, and the rest goes on`, () => {
    const router = dialed();
    const before = look(router);
    const dump = JSON.parse(router.netifd.dump()) as { interface: Record<string, unknown>[] };
    const link = dump.interface.find((entry) => entry['interface'] === 'wan_01') ?? {};
    spoil(link);
    const device = link['l3_device'];
    if (typeof device === 'string' && device !== 'pppoe-wan_01') router.kernel.addDevice(device); // its name alone must keep it out
    answering(router, DUMP, { exit: 0, stdout: JSON.stringify(dump) });
    router.config('multidial', `${WAN}${DSL}`);
    before.files.set(CONFIG, `${WAN}${DSL}`);
    const { exit } = multidial(router, 'apply');
    assert.is(exit, 0);
    assert.equal(sharing(router), ['wan_02']);
    assert.equal(ourLinks(router), ['wan_01', 'wan_02', 'dsl_01']);
    assert.is(multidial(router, 'status').exit, 0);
    nothingExecuted(router.effects);
    nothingLost(router, before);
    router.onEffect = () => undefined;
    router.broken.clear();
    settle(router);
    assert.equal(sharing(router), ['wan_01', 'wan_02', 'dsl_01']);
  });
}

for (const [name, ...added] of strangers) {
  test(`${name} in the answer of ip is passed over, and the rest goes on`, () => {
    const router = dialed();
    router.netifd.down('wan_02');
    const [routes = [], nexthops = [], rules = []] = added;
    const more = [routes, routes, rules, nexthops];
    const good = goodReply(router, KERNEL).trim().split('\n');
    const stdout = good.map((text, at) => `${JSON.stringify([...(more[at] ?? []), ...(JSON.parse(text) as unknown[])])}\n`).join('');
    answering(router, KERNEL, { exit: 0, stdout });
    router.netifd.up('wan_02');
    assert.is(multidial(router, 'hotplug').exit, 0);
    const lines = router.effects.filter(({ what }) => /^ip( -6)? -force -batch/.test(what)).flatMap(({ text }) => text.trim().split('\n'));
    assert.equal(lines, [
      'nexthop replace id 77004002 dev pppoe-wan_02 proto 77',
      'nexthop replace id 77104001 group 77004001/77004002 proto 77',
      'route replace 0.0.0.0/0 nhid 77004002 table 77002 metric 7 proto 77',
    ]);
    assert.equal(sharing(router), ['wan_01', 'wan_02']);
  });
}

test('a device of a pin’s interface whose name would end the ruleset’s words is no device', () => {
  const router = dialed();
  router.config('multidial', `${WAN}${DSL}config pin 'p'\n\toption use 'wan_01'\n\tlist in 'lan'\n`);
  const { interface: known } = JSON.parse(router.netifd.dump()) as { interface: { interface: string }[] };
  const lan = { interface: 'lan', up: true, l3_device: 'x", "eth9' };
  answering(router, DUMP, { exit: 0, stdout: JSON.stringify({ interface: [...known.filter((entry) => entry.interface !== 'lan'), lan] }) });
  const { output } = multidial(router, 'plan', '--json');
  const { problems, system } = JSON.parse(output) as { problems: Problem[]; system: { text: string }[] };
  assert.equal(short(problems), ['pin_interface_unknown pin.p in']);
  assert.ok(system.every(({ text }) => !text.includes('eth9')));
});

test.run();
