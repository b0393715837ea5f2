// Lines to sections of network: names that fit the kernel, slots that stay, and clashes that stop the whole line.
import * as assert from 'uvu/assert';
import type { Line } from '../../../agent/src/config/parse.ts';
import { checkSection, MAX_LINE_NAME, MAX_SESSIONS } from '../../../agent/src/contract/index.ts';
import { linkName, macvlanName, planDialedLinks, pppDeviceName, slotOf } from '../../../agent/src/plan/sections.ts';
import { planSections } from '../../../agent/src/plan/uci.ts';
import { withChanges } from '../../../agent/src/uci/edit.ts';
import type { UciPackage } from '../../../agent/src/uci/package.ts';
import { renderBatchLine } from '../../../agent/src/uci/render.ts';
import { aLine, toPackage } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const MAC = '94:83:c4:a0:11:5e';
const plan = (lines: Line[], network: UciPackage = [], word: 'device' | 'ifname' = 'device') =>
  planDialedLinks(lines, [], network, (device) => (device === 'gone' ? undefined : MAC), word);
const edits = (lines: Line[], network: UciPackage = []) => {
  const { links, frozen } = plan(lines, network);
  return planSections(
    'network',
    network,
    links.flatMap((link) => link.sections),
    (line) => frozen.includes(line),
  );
};
const dialed = (...lines: Line[]): UciPackage => withChanges([], edits(lines));
const batch = (...given: Parameters<typeof edits>) => edits(...given).map(renderBatchLine);
const slots = (network: UciPackage) => network.filter(({ type }) => type === 'interface').map((section) => [section.name, slotOf(section)]);

test('the longest names still fit the kernel’s 15 bytes', () => {
  const name = 'x'.repeat(MAX_LINE_NAME);
  assert.equal(checkSection({ type: 'line', name, options: { device: 'a', username: 'b', password: 'c' } }), []);
  for (let session = 1; session <= MAX_SESSIONS; session++) {
    const link = linkName(name, session);
    assert.match(link, /^x{6}_\d\d$/);
    assert.ok(pppDeviceName(link).length <= 15 && macvlanName(link).length <= 15, link);
  }
});

test('a session is a macvlan of its own and a PPPoE interface over it', () => {
  const [device, iface] = dialed(aLine({ sessions: 1, ac: 'bras', service: 'net', hostUniq: '0a', mtu: 1480, keepalive: '5 1' }));
  assert.equal(
    [device?.type, device?.name, Object.fromEntries(device?.options ?? [])],
    [
      'device',
      'md_wan_01',
      { type: 'macvlan', ifname: 'eth0.2', name: 'md-wan_01', mode: 'private', macaddr: device?.options.get('macaddr'), multidial: 'wan' },
    ],
  );
  assert.equal(
    [iface?.type, iface?.name, Object.fromEntries(iface?.options ?? [])],
    [
      'interface',
      'wan_01',
      {
        proto: 'pppoe',
        device: 'md-wan_01',
        username: 'user@isp',
        password: 'secret',
        metric: '7001',
        ac: 'bras',
        service: 'net',
        host_uniq: '0a',
        mtu: '1480',
        keepalive: '5 1',
        ipv6: '0',
        multidial: 'wan',
      },
    ],
  );
});

for (const [mode, options] of [
  ['off', ['0', undefined, undefined]],
  ['nat', ['auto', '1', '0']],
  ['native', ['auto', '1', '1']],
] as const) {
  test(`IPv6 ${mode} is ipv6, sourcefilter and delegate ${options.join(' ')}`, () => {
    const iface = dialed(aLine({ sessions: 1, ipv6: mode }))[1];
    assert.equal(
      ['ipv6', 'sourcefilter', 'delegate'].map((option) => iface?.options.get(option)),
      options,
    );
  });
}

test('before 21.02 an interface names its device by ifname', () => {
  const [, iface] = plan([aLine({ sessions: 1 })], [], 'ifname').links[0]?.sections ?? [];
  assert.equal([iface?.options.get('ifname'), iface?.options.has('device')], ['md-wan_01', false]);
});

test('a slot stays with its link while others come and go', () => {
  const four = dialed(aLine({ sessions: 4 }));
  const withDsl = withChanges(four, edits([aLine({ sessions: 2 }), aLine({ name: 'dsl', sessions: 1 })], four));
  assert.equal(slots(withDsl), [
    ['wan_01', 1],
    ['wan_02', 2],
    ['dsl_01', 5],
  ]);
  const again = withChanges(withDsl, edits([aLine({ sessions: 3 }), aLine({ name: 'dsl', sessions: 1 })], withDsl));
  assert.equal(Object.fromEntries(slots(again)), { wan_01: 1, wan_02: 2, wan_03: 3, dsl_01: 5 });
});

test('the slot of a link that goes away in this run is taken only when no other is free', () => {
  const full = [aLine({ name: 'a', sessions: 64 }), aLine({ name: 'b', sessions: 64 })];
  const network = dialed(...full, aLine({ name: 'c', sessions: 62 }));
  const { links } = planDialedLinks([...full, aLine({ name: 'c', sessions: 60 }), aLine({ name: 'd', sessions: 4 })], [], network, () => MAC, 'device', []);
  assert.equal(
    links.filter(({ name }) => name.startsWith('d_')).map((link) => [link.name, link.slot]),
    [
      ['d_01', 191],
      ['d_02', 189],
      ['d_03', 190],
    ],
  );
  assert.equal(
    links.filter(({ name }) => /^[ac]_01$/.test(name)).map((link) => link.slot),
    [1, 129],
  );
});

test('a metric of ours that somebody uses is no free slot, and of two equal ones the first keeps it', () => {
  assert.equal(slots(dialed(aLine({ sessions: 1 }))), [['wan_01', 1]]);
  const taken = toPackage("config interface 'lte'\n\toption metric '7001'\n\nconfig interface 'x'\n\toption metric '7192'\n");
  assert.equal(slots(withChanges(taken, edits([aLine({ sessions: 1 })], taken))).at(-1), ['wan_01', 2]);
  const twice = withChanges(dialed(aLine()), [{ op: 'set', package: 'network', section: 'wan_02', option: 'metric', value: '7001' }]);
  assert.equal(slots(withChanges(twice, edits([aLine()], twice))), [
    ['wan_01', 1],
    ['wan_02', 2],
  ]);
});

test('a line that waits keeps its slots from the others', () => {
  const network = dialed(aLine({ sessions: 2 }));
  const { links } = planDialedLinks([aLine({ name: 'dsl', sessions: 1 })], [], network, () => MAC, 'device', ['wan']);
  assert.equal(
    links.map((link) => link.slot),
    [3],
  );
  const foreign = [...network, ...toPackage("config interface 'wan_03'\n")];
  assert.equal(
    plan([aLine({ sessions: 3 }), aLine({ name: 'dsl', sessions: 1 })], foreign).links.map((link) => link.slot),
    [3],
  );
});

test('so does a line whose port is unplugged, also for sessions that it no longer wants', () => {
  const network = dialed(aLine({ sessions: 3 }));
  const { links } = plan([aLine({ device: 'gone', sessions: 1 }), aLine({ name: 'dsl', sessions: 1 })], network);
  assert.equal(
    links.map((link) => [link.name, link.slot]),
    [['dsl_01', 4]],
  );
});

test('191 links have a slot, the rest is left out and named once', () => {
  const { links, problems } = plan(['a', 'b', 'c', 'd'].map((name) => aLine({ name, sessions: 64 })));
  assert.is(links.length, 191);
  assert.equal(problems, [{ code: 'slots_exhausted', severity: 'error', section: 'line.c', details: { max: 191 } }]);
});

const clashes: [code: string, text: string][] = [
  ['interface_foreign', "config interface 'wan_02'\n\toption proto 'dhcp'\n"],
  ['section_foreign', "config device 'md_wan_02'\n\toption name 'x'\n"],
];

for (const [code, text] of clashes) {
  test(`${code}: the whole line waits, its other sections stay, other lines go on`, () => {
    const foreign = toPackage(text);
    const network = [...dialed(aLine({ sessions: 1 })), ...foreign];
    const { frozen, problems, links } = plan([aLine(), aLine({ name: 'dsl', sessions: 1 })], network);
    assert.equal([frozen, problems.map((problem) => problem.code), links.map((link) => link.name)], [['wan'], [code], ['dsl_01']]);
    assert.equal(
      edits([aLine()], network).filter((change) => 'section' in change),
      [],
    );
  });
}

test('a port that does not exist is named once, and its line keeps what it has', () => {
  const { frozen, problems } = plan([aLine({ device: 'gone', sessions: 4 })], dialed(aLine({ sessions: 4 })));
  assert.equal(frozen, ['wan']);
  assert.equal(problems, [{ code: 'device_missing', severity: 'error', section: 'line.wan', option: 'device', details: { device: 'gone' } }]);
});

test('a MAC stays while the line keeps its port, and is a new one on another', () => {
  const network = withChanges(dialed(aLine()), [{ op: 'set', package: 'network', section: 'md_wan_01', option: 'macaddr', value: '02:00:00:00:00:01' }]);
  assert.equal(edits([aLine()], network), []);
  assert.match(batch([aLine({ device: 'eth0.3' })], network).join('\n'), /md_wan_01.macaddr='02:5e:/);
});

test('two sessions never keep one MAC', () => {
  const first = dialed(aLine())[0]?.options.get('macaddr') as string;
  const network = withChanges(dialed(aLine()), [{ op: 'set', package: 'network', section: 'md_wan_02', option: 'macaddr', value: first }]);
  assert.match(batch([aLine()], network).join('\n'), /^set network.md_wan_02.macaddr=/);
});

test('an option of the user’s in our sections stays, one of ours that is not wanted goes', () => {
  const old = withChanges(dialed(aLine({ sessions: 1, mtu: 1480 })), [
    { op: 'set', package: 'network', section: 'wan_01', option: 'peerdns', value: '0' },
    { op: 'set', package: 'network', section: 'md_wan_01', option: 'mtu', value: '1508' },
  ]);
  assert.equal(batch([aLine({ sessions: 1 })], old), ['delete network.wan_01.mtu']);
});

test('options are put back in their order, for a rollback must read as before', () => {
  const old = withChanges(dialed(aLine({ sessions: 1 })), [
    { op: 'unset', package: 'network', section: 'wan_01', option: 'username' },
    { op: 'set', package: 'network', section: 'wan_01', option: 'peerdns', value: '0' },
  ]);
  const next = withChanges(old, edits([aLine({ sessions: 1 })], old));
  const ours = [...(next.find((section) => section.name === 'wan_01')?.options.keys() ?? [])].filter((option) => option !== 'peerdns');
  assert.equal(ours, [...(dialed(aLine({ sessions: 1 }))[1]?.options.keys() ?? [])]);
});

test.run();
