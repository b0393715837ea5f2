// Rows of what netifd and ip may reply: cut, empty, swollen, of wrong types, or ended before their time.

export type Answer = { exit: number; stdout?: string; stderr?: string };

/** `of` makes the reply from the good one. */
export type Reply = { name: string; of: (good: string) => Answer; says: string };

const cut = (share: number): Reply => ({
  name: `cut after ${share * 100} %`,
  of: (good) => ({ exit: 0, stdout: good.slice(0, Math.floor(good.length * share)) }),
  says: 'reply_unreadable',
});
const text = (name: string, stdout: string): Reply => ({ name, of: () => ({ exit: 0, stdout }), says: 'reply_unreadable' });

const shared: Reply[] = [
  ...[0.01, 0.25, 0.5, 0.75, 0.99].map(cut),
  text('of a blank', ' '),
  text('of words', 'Command failed: Not found'),
  text('of a string', '"[]"'),
  text('of null', 'null'),
  text('nested 100 000 deep', '['.repeat(100_000)),
  { name: 'with an exit code', of: () => ({ exit: 4, stderr: 'Command failed: Not found\n' }), says: 'command_failed' },
  { name: 'ended by a signal', of: () => ({ exit: -9 }), says: 'command_failed' },
  { name: 'ended by a signal when half was said', of: (good) => ({ exit: -15, stdout: good.slice(0, good.length / 2) }), says: 'command_failed' },
  { name: 'of a program that is not there', of: () => ({ exit: 127, stderr: 'not found' }), says: 'command_failed' },
];

export const dumps: Reply[] = [
  ...shared,
  text('of nothing', ''),
  text('of an array', '[]'),
  text('of no interfaces', '{}'),
  text('whose interfaces are an object', '{"interface":{"wan_01":{"up":true}}}'),
  text('whose interfaces are a word', '{"interface":"wan_01"}'),
  text('of numbers', '{"interface":[1,2,null]}'),
  text('of 2 MB, of which the port reads one', `{"interface":[${'{"interface":"x"},'.repeat(120_000)}{}]}`.slice(0, 1 << 20)),
  { name: 'good, but with an exit code', of: (good) => ({ exit: 1, stdout: good }), says: 'command_failed' },
];

export const kernels: Reply[] = [
  ...shared,
  text('of nothing', ''),
  text('of an object', '{}\n[]\n[]\n[]'),
  text('of routes that are a word', '"default"\n[]\n[]\n[]'),
  text('of nexthops that are an object', '[]\n[]\n[]\n{}'),
  text('of rules that are a word', '[]\n[]\n"all"\n[]'),
  text('of 2 MB, of which the port reads one', `[${'{"dst":"10.0.0.0/8"},'.repeat(120_000)}{}]`.slice(0, 1 << 20)),
  {
    name: 'of all but nexthops from an ip that knows them',
    of: (good) => ({ exit: 0, stdout: good.split('\n').slice(0, 3).join('\n') }),
    says: 'reply_unreadable',
  },
  { name: 'of routes alone, ended by a signal', of: (good) => ({ exit: -9, stdout: good.slice(0, good.indexOf('\n') + 1) }), says: 'command_failed' },
];

export const rules6: Reply[] = [
  ...[0.01, 0.25, 0.5, 0.75, 0.99].map(cut),
  ...['', ' ', 'Command failed: Not found', '"[]"', 'null', '{}', '['.repeat(100_000)].map((answer) => text(`of ${answer.slice(0, 30) || 'nothing'}`, answer)),
  { name: 'with an exit code', of: () => ({ exit: 4, stderr: 'Cannot talk to rtnetlink\n' }), says: 'reply_unreadable' },
  { name: 'ended by a signal', of: () => ({ exit: -9 }), says: 'reply_unreadable' },
];

/** One thing is odd about the first link; the second one and everything else goes on. */
export type Oddity = { name: string; spoil: (link: Record<string, unknown>) => void };

const set = (field: string, value: unknown) => (link: Record<string, unknown>) => {
  link[field] = value;
};
const route = (fields: object): unknown[] => [{ target: '0.0.0.0', mask: 0, nexthop: '10.64.0.1', source: '0.0.0.0/0', ...fields }];
/** Not point to point, so that the gateway counts. */
const overEthernet = (nexthop: unknown) => (link: Record<string, unknown>) => {
  link['ipv4-address'] = [{ address: '10.0.0.2', mask: 24 }];
  link['route'] = route({ nexthop });
};

export const oddities: Oddity[] = [
  { name: 'no routes', spoil: (link) => delete link['route'] },
  ...['text', 5, null, {}, { 0: { target: '0.0.0.0' } }, [null, 5, 'x', []], [[]]].map(
    (value): Oddity => ({ name: `routes ${JSON.stringify(value)}`, spoil: set('route', value) }),
  ),
  { name: 'a route to nowhere', spoil: set('route', route({ target: null })) },
  { name: 'a route of a negative mask', spoil: set('route', route({ mask: -1 })) },
  ...['yes', 1, null, {}, 'true'].map((value): Oddity => ({ name: `up ${JSON.stringify(value)}`, spoil: set('up', value) })),
  ...['pppoe wan', 'pppoe-wan_01 metric 1', 'a\nroute flush all', '', '../../etc', 'x'.repeat(16), '$(reboot)', "a'b", 5, null, [], {}].map(
    (value): Oddity => ({ name: `the device ${JSON.stringify(value)}`, spoil: set('l3_device', value) }),
  ),
  ...['dev', 'blackhole', 'default', '10.64.0.1 dev lo', '10.64.0.1\nroute flush all', '256.1.1.1', 'fe80::1%eth0', '', '$(reboot)', 5, null, []].map(
    (value): Oddity => ({ name: `the gateway ${JSON.stringify(value)}`, spoil: overEthernet(value) }),
  ),
];

/** Entries that ip might add to its answer, as if they were ours. None may become a line that ip is told to run. */
export const strangers: [name: string, routes: unknown[], nexthops: unknown[], rules?: unknown[]][] = [
  ...['10.9.0.0/16\nroute flush all', 'default dev lo', '$(reboot)', 'blackhole', '', '-6', 5, null, {}, []].map((dst): [string, unknown[], unknown[]] => [
    `a route to ${JSON.stringify(dst)}`,
    [{ dst, protocol: '77', metric: 7, dev: 'lo', flags: [] }],
    [],
  ]),
  ['routes that are no objects', [null, 5, 'default', [], [{ dst: 'default' }]], []],
  ['a route of odd words', [{ dst: '10.9.0.0/16', protocol: {}, metric: 'x', table: null, nexthops: 'y', nhid: [], flags: 5 }], []],
  ['nexthops that are no objects', [], [null, 5, 'x', [], [{ id: 77_004_009 }]]],
  ...['77004009\nroute flush all', '$(reboot)', -1, 1.5, null, {}, [77_004_009]].map((id): [string, unknown[], unknown[]] => [
    `a nexthop ${JSON.stringify(id)}`,
    [],
    [{ id, protocol: '77', dev: 'lo', flags: [] }],
  ]),
  ...['10.9.0.1\nroute flush all', '$(reboot)', '-6', 5, null, {}, []].flatMap((address): [string, unknown[], unknown[], unknown[]][] => [
    [`a rule from ${JSON.stringify(address)}`, [], [], [{ priority: 4001, src: address, table: '254', protocol: '4' }]],
    [`a rule to ${JSON.stringify(address)}`, [], [], [{ priority: 4001, src: 'all', dst: address, dstlen: 'x', table: '100', protocol: '4' }]],
  ]),
  ['rules that are no objects', [], [], [null, 5, 'all', [], [{ priority: 4001 }]]],
  [
    'a rule with more than ours have',
    [],
    [],
    [{ priority: 4001, src: 'all', fwmark: '0x5000000', fwmask: '0xff000000', iif: 'lo', table: '77005', protocol: '77' }],
  ],
  ['a rule of odd words', [], [], [{ priority: 'x', src: 'all', fwmark: {}, fwmask: null, table: [], protocol: '77' }]],
  ['a group of odd members', [], [{ id: 12, protocol: '3', group: [null, 5, { id: 'x' }, { id: 1, weight: 'y' }] }]],
];
