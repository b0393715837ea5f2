// Routes, settings and ruleset on their way into the system: in what order, and what an error leaves.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { applyRoutes, applyRuleset, applySettings, isRulesetDue } from '../../../agent/src/apply/kernel.ts';
import type { RunResult } from '../../../agent/src/contract/index.ts';
import type { RuleStep } from '../../../agent/src/plan/rules.ts';
import { Router } from '../../fake/router.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { multidial } from '../../fake/shell.ts';
import { aRule } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const ruleset = (device: string): string =>
  `add table inet multidial\ndelete table inet multidial\ntable inet multidial {\n\toifname "${device}" masquerade\n}\n`;
const set = (router: Router, text: string) => router.run((system) => applyRuleset(system, text));
const isDue = (router: Router, text: string, look = true) => router.run((system) => isRulesetDue(system, text, look));

test('a ruleset that stands is not set again, one that somebody flushed is', () => {
  const router = new Router();
  assert.is(isDue(router, ''), false);
  assert.is(isDue(router, ruleset('a')), true);
  set(router, ruleset('a'));
  assert.equal([isDue(router, ruleset('a')), isDue(router, ruleset('b')), isDue(router, '')], [false, true, true]);
  router.nft.tables.clear();
  assert.equal([isDue(router, ruleset('a')), isDue(router, ruleset('a'), false)], [true, false]);
});

test('one whose setting was cut off is set again, also where the former one is wanted again', () => {
  for (let effect = 1; effect < 3; effect++) {
    const router = new Router();
    set(router, ruleset('a'));
    router.run((system) => applyRuleset(system, ruleset('b')), { effect });
    assert.equal([isDue(router, ruleset('a'), false), isDue(router, ruleset('b'), false)], [true, true], `killed at ${effect}`);
  }
});

test('a ruleset that nft refuses is told, and tried again', () => {
  const router = new Router();
  router.broken.set('nft -f', { exit: 1, stderr: 'Error: syntax error\n' });
  assert.equal(set(router, ruleset('a')), [
    { code: 'command_failed', severity: 'error', details: { command: 'nft -f -', exit: 1, stderr: 'Error: syntax error' } },
  ]);
  assert.is(isDue(router, ruleset('a'), false), true);
});

test('what needs ip -6 goes first, and a line that fails does not stop the others', () => {
  const router = new Router();
  for (const device of ['pppoe-a', 'pppoe-b']) router.kernel.addDevice(device);
  const six = { op: 'nexthop', family: 'ipv6', gateway: undefined } as const;
  const problems = router.run((system) =>
    applyRoutes(
      system,
      [
        { op: 'nexthop', family: 'ipv4', id: 77_004_001, device: 'pppoe-a', gateway: undefined },
        { op: 'nexthop', family: 'ipv4', id: 77_004_002, device: 'gone', gateway: undefined },
        { ...six, id: 77_006_001, device: 'pppoe-b' },
        { op: 'group', id: 77_104_001, members: [{ id: 77_004_001, weight: 1 }] },
      ],
      [],
    ),
  );
  assert.equal(
    router.effects.map((effect) => effect.what),
    ['ip -6 -force -batch -', 'ip -force -batch -'],
  );
  assert.match(String(problems?.[0]?.details?.['stderr']), /Cannot find device "gone"/);
  assert.equal([...router.kernel.nexthops.keys()], [77_006_001, 77_004_001, 77_104_001]);
});

test('rules go behind the routes that they lead to, those of IPv6 with ip -6, also without any route', () => {
  const router = new Router();
  router.kernel.addDevice('pppoe-a');
  const rules = (['ipv4', 'ipv6'] as const).map((family): RuleStep => ({ op: 'rule-add', rule: aRule(4001, { family, mark: 1, table: 77_001 }) }));
  const nexthop = { op: 'nexthop', family: 'ipv4', id: 77_004_001, device: 'pppoe-a', gateway: undefined } as const;
  assert.equal(
    router.run((system) => applyRoutes(system, [nexthop], rules)),
    [],
  );
  const rule = 'rule add pref 4001 fwmark 0x01000000/0xff000000 lookup 77001 protocol 77\n';
  assert.equal(
    router.effects.filter(({ kind }) => kind === 'command').map(({ what, text }) => [what, text]),
    [
      ['ip -6 -force -batch -', rule],
      ['ip -force -batch -', `nexthop replace id 77004001 dev pppoe-a proto 77\n${rule}`],
    ],
  );
  assert.equal([router.kernel.rules.ipv4.length, router.kernel.rules.ipv6.length], [4, 3]);
  const again = router.run((system) => applyRoutes(system, [], rules)) ?? [];
  assert.equal(
    again.map(({ details }) => [details?.['command'], String(details?.['stderr']).split('\n')[0]]),
    [
      ['ip -6 -force -batch -', 'RTNETLINK answers: File exists'],
      ['ip -force -batch -', 'RTNETLINK answers: File exists'],
    ],
  );
});

const key = 'net.ipv4.fib_multipath_hash_policy';
const plan = { writes: [{ key, value: '1' }], file: `# before: ${key}=0\n${key}=1\n` };

test('the values of before are noted ahead of the first write, and without the note nothing is written', () => {
  const router = new Router();
  assert.equal(
    router.run((system) => applySettings(system, plan)),
    [],
  );
  assert.equal(
    router.effects.map((effect) => effect.what),
    ['/etc/sysctl.d/77-multidial.conf', '/proc/sys/net/ipv4/fib_multipath_hash_policy'],
  );
  const full = new Router();
  full.files.flashBytes = 0;
  const [problem] = full.run((system) => applySettings(system, plan)) ?? [];
  assert.equal([problem?.code, problem?.details?.['path']], ['write_failed', '/etc/sysctl.d/77-multidial.conf']);
  assert.is(full.settings.get('/proc/sys/net/ipv4/fib_multipath_hash_policy'), '0');
});

test('interfaces that never come to rest end a run after some rounds, with a word', () => {
  const router = aDialedRouter(line('sessions 2'));
  router.kernel.loseCarrier('pppoe-wan_02');
  // There is a carrier whenever we look, and none when the batch begins.
  const device = router.kernel.devices.get('pppoe-wan_02') as { carrier: boolean };
  router.onEffect = ({ what }) => {
    device.carrier = what !== 'ip -force -batch -';
  };
  const run = JSON.parse(multidial(router, 'apply', '--json').output) as RunResult;
  assert.is(run.ok, false);
  assert.is(run.problems.at(-1)?.code, 'unsettled');
  router.onEffect = () => undefined;
  device.carrier = true;
  assert.is(multidial(router, 'apply').exit, 0, 'the next event mends it');
});

test.run();
