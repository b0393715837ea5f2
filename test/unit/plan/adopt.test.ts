// An adopted interface on a whole router: what is set in it, what comes back, and when it is left alone.
import * as assert from 'uvu/assert';
import type { Plan, Status } from '../../../agent/src/contract/index.ts';
import type { Router } from '../../fake/router.ts';
import { aRouter, NETWORK } from '../../fake/scene.ts';
import { changesOf, multidial, settle } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const ADSL =
  "\nconfig interface 'adsl'\n\toption device 'wan'\n\toption proto 'pppoe'\n\toption username 'lent@isp'\n\toption password 'lent'\n\toption metric '10'\n";
const line = (...options: string[]): string =>
  ["config line 'wan'", "\toption device 'wan'", "\toption adopt 'adsl'", ...options.map((option) => `\toption ${option.replace(/ (.*)$/, " '$1'")}`), ''].join(
    '\n',
  );

/** A router that dials by `adsl`, with this configuration of multidial applied. */
function adopting(config: string, more = ''): { router: Router; before: string } {
  const router = aRouter(config);
  router.config('network', NETWORK + ADSL + more);
  router.netifd.reload();
  router.netifd.up('adsl');
  const before = textOf(router);
  apply(router);
  return { router, before };
}

function apply(router: Router, config?: string): void {
  if (config !== undefined) router.config('multidial', config);
  multidial(router, 'apply');
  settle(router);
}

/** Without the blank lines around it, which uci sets in its own way. */
const textOf = (router: Router): string => (router.files.read('/etc/config/network') ?? '').trim();
const optionsOf = (router: Router, name: string): Record<string, unknown> => Object.fromEntries(router.netifd.interfaces.get(name)?.options ?? []);
const statusOf = (router: Router): Status => JSON.parse(multidial(router, 'status', '--json').output);
const planOf = (router: Router): Plan => JSON.parse(multidial(router, 'plan', '--json').output);
const codes = (router: Router): string[] => planOf(router).problems.map(({ code, option }) => `${code} ${option ?? ''}`);

test('is the first link, and lends its account to the others', () => {
  const { router } = adopting(line('sessions 2', 'ipv6 nat'));
  const status = statusOf(router);
  assert.equal(
    status.links.map(({ name, device, balanced }) => [name, device, balanced]),
    [
      ['wan_01', 'pppoe-adsl', { ipv4: true, ipv6: true }],
      ['wan_02', 'pppoe-wan_02', { ipv4: true, ipv6: true }],
    ],
  );
  assert.is(optionsOf(router, 'wan_02')['username'], 'lent@isp');
  assert.is(optionsOf(router, 'adsl')['metric'], '7001');
  assert.not.ok(router.netifd.interfaces.has('wan_01'));
  assert.not.match(router.files.read('/etc/config/firewall') ?? '', /adsl|wan_01/);
  assert.equal(changesOf(multidial(router, 'apply').effects), []);
});

test('reset gives it back to the letter', () => {
  const { router, before } = adopting(line('sessions 2', 'ipv6 nat'));
  multidial(router, 'reset');
  settle(router);
  assert.is(textOf(router), before);
});

test('what another IPv6 mode does not need goes back, the metric stays', () => {
  const { router } = adopting(line('ipv6 nat'));
  assert.is(optionsOf(router, 'adsl')['delegate'], '0');
  apply(router, line('ipv6 off'));
  assert.equal(optionsOf(router, 'adsl'), { device: 'wan', proto: 'pppoe', username: 'lent@isp', password: 'lent', metric: '7001' });
});

test('an option that its owner changed meanwhile is set again, and given back as changed', () => {
  const { router } = adopting(line());
  router.config('network', textOf(router).replace("option metric '7001'", "option metric '77'"));
  apply(router);
  assert.is(optionsOf(router, 'adsl')['metric'], '7001');
  multidial(router, 'reset');
  settle(router);
  assert.is(optionsOf(router, 'adsl')['metric'], '77');
});

test('adopting another one gives the first back', () => {
  const more = ADSL.replace('adsl', 'fibre').replace("'10'", "'11'");
  const { router } = adopting(line(), more);
  apply(router, line().replace('adsl', 'fibre'));
  assert.is(optionsOf(router, 'adsl')['metric'], '10');
  assert.is(optionsOf(router, 'fibre')['metric'], '7002', 'not that of the first, which has it until this run ends');
  assert.equal(planOf(router).uci, []);
});

test('an interface that goes from one line to another keeps what both need, and is given back as it was', () => {
  const { router } = adopting(line('ipv6 nat'));
  const former = line('ipv6 nat', 'username user@isp', 'password secret').replace("\toption adopt 'adsl'\n", '');
  apply(router, `${former}\n${line('ipv6 nat').replace("'wan'", "'b'")}`);
  assert.equal([optionsOf(router, 'adsl')['metric'], optionsOf(router, 'adsl')['delegate']], ['7001', '0']);
  assert.equal(planOf(router).uci, []);
  multidial(router, 'reset');
  settle(router);
  assert.equal([optionsOf(router, 'adsl')['metric'], optionsOf(router, 'adsl')['delegate']], ['10', undefined]);
});

test('a line that adopts no more dials its first session itself', () => {
  const { router } = adopting(line());
  apply(router, line('username user@isp', 'password secret').replace("\toption adopt 'adsl'\n", ''));
  assert.is(optionsOf(router, 'adsl')['metric'], '10');
  assert.is(optionsOf(router, 'wan_01')['username'], 'user@isp');
});

test('is left as it is while its line is misread, and still a link', () => {
  const { router } = adopting(line());
  const before = textOf(router);
  apply(router, line('sessions none'));
  assert.is(textOf(router), before);
  assert.equal(
    statusOf(router).links.map(({ name }) => name),
    ['wan_01'],
  );
});

test('its line says so when it is gone or is something else, and reset still works', () => {
  const { router } = adopting(line());
  router.config('network', textOf(router).replace("option proto 'pppoe'\n\toption username 'lent@isp'", "option proto 'dhcp'"));
  assert.equal(codes(router).includes('option_invalid adopt'), true);
  router.config('network', textOf(router).replace(/\nconfig interface 'adsl'\n(\t.*(\n|$))+/, ''));
  assert.equal(codes(router).includes('option_invalid adopt'), true);
  assert.is(multidial(router, 'reset').exit, 0);
  assert.is(textOf(router), NETWORK.trim());
});

test('a lent value that no line could hold is refused by its name, not dialed', () => {
  const { router, before } = adopting(line('sessions 2'), '');
  router.config('network', before.replace("'lent'\n", "'a\tb'\n"));
  assert.ok(codes(router).includes('option_invalid password'));
  assert.not.match(multidial(router, 'plan', '--json').output, /a\\tb/);
});

test('a section in the way of the note makes the line wait', () => {
  const { router, before } = adopting(line(), "\nconfig other 'multidial_wan_01'\n\toption a 'b'\n");
  assert.is(textOf(router), before);
  assert.ok(planOf(router).problems.some(({ code, details }) => code === 'section_foreign' && details?.['name'] === 'multidial_wan_01'));
});

test.run();
