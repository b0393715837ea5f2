// Pins by domain name: what dhcp is told, what stays of the sets when rules change, and what hotplug does not ask.
import * as assert from 'uvu/assert';
import { planNames, setName, splitByNames } from '../../../agent/src/plan/names.ts';
import { parsePackage, type UciPackage } from '../../../agent/src/uci/package.ts';
import { renderBatchLine } from '../../../agent/src/uci/render.ts';
import { aRouter, line } from '../../fake/scene.ts';
import { multidial, settle } from '../../fake/shell.ts';
import { aPin } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const DHCP = parsePackage(
  "config dhcp 'lan'\n\toption interface 'lan'\n\nconfig ipset 'theirs'\n\tlist name 'x4'\n\tlist domain 'example.org'\n",
) as UciPackage;
const OURS = parsePackage(
  "config ipset 'multidial_p'\n\toption table 'multidial'\n\toption table_family 'inet'\n\toption multidial 'p'\n\tlist name 'of_p_4'\n\tlist name 'of_p_6'\n\tlist domain 'example.org'\n",
) as UciPackage;
const p = (...names: string[]) => aPin('p', 'wan_01', { names });
const lines = (dhcp: UciPackage, ...pins: ReturnType<typeof p>[]) => planNames(dhcp, pins).map(renderBatchLine);
const at = 'dhcp.multidial_p';

for (const [title, dhcp, pins, expected] of [
  [
    'a pin by name: a section with both sets',
    DHCP,
    [p('example.org')],
    [
      `set ${at}=ipset`,
      `set ${at}.table='multidial'`,
      `set ${at}.table_family='inet'`,
      `set ${at}.multidial='p'`,
      `add_list ${at}.name='of_p_4'`,
      `add_list ${at}.name='of_p_6'`,
      `add_list ${at}.domain='example.org'`,
    ],
  ],
  ['what stands already: nothing', [...DHCP, ...OURS], [p('example.org')], []],
  ['another name: that item alone', OURS, [p('example.net')], [`del_list ${at}.domain='example.org'`, `add_list ${at}.domain='example.net'`]],
  ['a pin that is no longer by name: its section goes, theirs stays', [...DHCP, ...OURS], [p()], [`delete ${at}`]],
  ['no pin at all: likewise', [...DHCP, ...OURS], [], [`delete ${at}`]],
] as const)
  test(title, () => assert.equal(lines(dhcp as UciPackage, ...pins), expected));

test('sets are named so that dnsmasq’s script knows their family', () => {
  assert.equal([setName(p(), 'ipv4'), setName(p(), 'ipv6')], ['of_p_4', 'of_p_6']);
});

test('dnsmasq is asked only for a pin by name that dhcp does not know yet', () => {
  const asked: string[] = [];
  const hasNftset = (answer: boolean) => () => {
    asked.push('asked');
    return answer;
  };
  assert.is(splitByNames([aPin('q', 'none')], DHCP, hasNftset(false)).served.length, 1);
  assert.is(splitByNames([p('example.org')], OURS, hasNftset(false)).served.length, 1);
  assert.equal(asked, []);
  const refused = splitByNames([p('example.org'), aPin('q', 'none')], DHCP, hasNftset(false));
  assert.equal(
    [refused.served.map(({ name }) => name), refused.problems.map(({ code, section }) => `${code} ${section}`)],
    [['q'], ['names_unsupported pin.p']],
  );
  assert.is(splitByNames([p('example.org')], DHCP, hasNftset(true)).served.length, 1);
  assert.is(asked.length, 2);
});

const PIN = (use: string, more = '') => `${line('sessions 2')}\nconfig pin 'p'\n\toption use '${use}'\n\tlist name 'example.org'\n${more}`;

test('addresses in a set stay when rules change, and go with their pin', () => {
  const router = aRouter(PIN('wan_01'));
  multidial(router, 'apply');
  settle(router);
  router.nft.elements.set('of_p_4', ['198.51.100.7']);
  router.config('multidial', PIN('wan_02', "\nconfig pin 'q'\n\toption use 'none'\n\toption strict '1'\n\tlist name 'example.net'\n"));
  assert.is(multidial(router, 'apply').exit, 0);
  assert.equal(router.nft.elements.get('of_p_4'), ['198.51.100.7']);
  assert.match(router.nft.list('multidial').stdout, /set of_q_6/);
  router.config('multidial', PIN('wan_01'));
  assert.is(multidial(router, 'apply').exit, 0);
  assert.not.match(router.nft.list('multidial').stdout, /of_q|hold_254/);
  assert.equal(router.nft.elements.get('of_p_4'), ['198.51.100.7']);
  router.config('multidial', line('sessions 2'));
  assert.is(multidial(router, 'apply').exit, 0);
  assert.is(router.nft.elements.get('of_p_4'), undefined);
});

test('hotplug does not ask dnsmasq, and a run after one that was killed sets everything anew', () => {
  const router = aRouter(PIN('wan_01'));
  multidial(router, 'apply');
  settle(router);
  const { effects } = multidial(router, 'hotplug');
  assert.not.ok(effects.some(({ what }) => what.startsWith('dnsmasq')));
  router.write('/var/run/multidial/ruleset', '# being set');
  assert.is(multidial(router, 'apply').exit, 0);
  assert.match(router.nft.list('multidial').stdout, /ip daddr @of_p_4 goto mark_1/);
  const plan = JSON.parse(multidial(router, 'plan', '--json').output) as { uci: unknown[]; system: unknown[] };
  assert.equal([plan.uci, plan.system], [[], []]);
});

test.run();
