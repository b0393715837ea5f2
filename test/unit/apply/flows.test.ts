// Connections of a link that lost its addresses: noted while it lives, ended once when it does not, and nobody else's.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { endLostFlows } from '../../../agent/src/apply/flows.ts';
import { Router } from '../../fake/router.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { changesOf, multidial, settle } from '../../fake/shell.ts';
import { aLink } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const NOTES = '/var/run/multidial/addresses';
const TABLE = '/proc/net/nf_conntrack';
const LINKS = [aLink('wan_01', 1), aLink('wan_02', 190)];

/** OpenWrt's kernel takes addresses; another's file refuses, as a missing one does. */
function aRouter({ takes = true, tool = false } = {}): Router {
  const router = new Router();
  if (takes) router.settings.set(TABLE, '');
  if (tool) router.write('/usr/sbin/conntrack', '', 0o755);
  return router;
}

type Alive = Record<string, string[]>;
const look = (router: Router, alive: Alive, others: string[] = [], links = LINKS): number | undefined => {
  router.effects = [];
  return router.run((system) => endLostFlows(system, links, new Map(Object.entries(alive)), others));
};
const notes = (router: Router): Record<string, string | undefined> =>
  Object.fromEntries(router.files.list(NOTES).map((name) => [name, router.files.read(`${NOTES}/${name}`)]));
/** What the kernel was told, and what was run. */
const told = (router: Router): string[] =>
  router.effects.flatMap(({ kind, what, text }) => (what === TABLE ? [text] : kind === 'command' ? [`$ ${what}`] : []));

test('the addresses of each living link are noted, for nobody else’s eyes, and nothing is ended', () => {
  const router = aRouter();
  assert.is(look(router, { wan_01: ['10.67.1.1', '2001:db8::1'], wan_02: ['10.67.1.2'] }), 0);
  assert.equal(notes(router), { wan_01: '10.67.1.1\n2001:db8::1', wan_02: '10.67.1.2' });
  assert.equal([router.files.modeOf(NOTES), router.files.modeOf(`${NOTES}/wan_01`)], [0o700, 0o600]);
  assert.equal(told(router), []);
  assert.is(look(router, { wan_01: ['10.67.1.1', '2001:db8::1'], wan_02: ['10.67.1.2'] }), 0);
  assert.equal(router.effects, [], 'a second run does nothing');
});

const rows: [title: string, alive: Alive, others: string[], told: string[], notes: Record<string, string>][] = [
  ['a link that is down', { wan_01: ['10.0.0.1'] }, [], ['10.0.0.2\n', 'fd00::2\n'], { wan_01: '10.0.0.1' }],
  ['all links down', {}, [], ['10.0.0.1\n', '10.0.0.2\n', 'fd00::2\n'], {}],
  ['one whose address another link has now', { wan_01: ['10.0.0.1', '10.0.0.2'] }, [], ['fd00::2\n'], { wan_01: '10.0.0.1\n10.0.0.2' }],
  ['one whose address somebody’s interface has', { wan_01: ['10.0.0.1'] }, ['10.0.0.2', '192.168.1.1'], ['fd00::2\n'], { wan_01: '10.0.0.1' }],
  [
    'one that came back with another address',
    { wan_01: ['10.0.0.1'], wan_02: ['10.0.0.9', 'fd00::2'] },
    [],
    ['10.0.0.2\n'],
    { wan_01: '10.0.0.1', wan_02: '10.0.0.9\nfd00::2' },
  ],
  ['two that swapped theirs', { wan_01: ['10.0.0.2', 'fd00::2'], wan_02: ['10.0.0.1'] }, [], [], { wan_01: '10.0.0.2\nfd00::2', wan_02: '10.0.0.1' }],
  [
    'one that got one more',
    { wan_01: ['10.0.0.1', 'fd00::1'], wan_02: ['10.0.0.2', 'fd00::2'] },
    [],
    [],
    { wan_01: '10.0.0.1\nfd00::1', wan_02: '10.0.0.2\nfd00::2' },
  ],
];

for (const [title, alive, others, says, left] of rows) {
  test(`${title}: ${says.length ? 'what it lost is told to the kernel' : 'nothing is told'}, once`, () => {
    const router = aRouter({ tool: true });
    look(router, { wan_01: ['10.0.0.1'], wan_02: ['10.0.0.2', 'fd00::2'] });
    const lost = look(router, alive, others);
    assert.equal([told(router), notes(router)], [says, left]);
    assert.is(lost, says.includes('10.0.0.1\n') ? 2 : says.length ? 1 : 0);
    assert.is(look(router, alive, others), 0);
    assert.equal(router.effects, []);
  });
}

test('where the kernel refuses it, conntrack ends what has the link’s mark, where it is installed', () => {
  for (const [tool, slots, ran] of [
    [true, LINKS, ['$ conntrack -D -m 0xbe000000/0xff000000']],
    [true, [], []],
    [false, LINKS, []],
  ] as const) {
    const router = aRouter({ takes: false, tool });
    look(router, { wan_02: ['10.0.0.2'] });
    assert.is(look(router, {}, [], [...slots]), 1);
    assert.equal(
      told(router).filter((word) => word.startsWith('$')),
      ran,
    );
    assert.equal(notes(router), {}, 'not tried again');
  }
});

test('killed before the kernel was told, the next run tells it', () => {
  const router = aRouter();
  look(router, { wan_02: ['10.0.0.2'] });
  router.run((system) => endLostFlows(system, LINKS, new Map(), []), { effect: 0 });
  assert.is(look(router, {}), 1);
  assert.equal(told(router), ['10.0.0.2\n']);
});

test('a session that hangs up loses its connections in the hook’s run, and those of the others stay', () => {
  const router = aDialedRouter(line('sessions 2'));
  router.settings.set(TABLE, '');
  const { wan_01, wan_02 } = notes(router);
  assert.match(wan_01 ?? '', /^10\.[\d.]+$/);
  router.netifd.down('wan_01');
  const { effects } = multidial(router, 'hotplug', 'ifdown', 'pppoe-wan_01');
  assert.equal(
    effects.filter(({ what }) => what === TABLE).map(({ text }) => text),
    [`${wan_01}\n`],
  );
  assert.equal(notes(router), { wan_02 });
  router.netifd.up('wan_01');
  settle(router);
  assert.equal(notes(router), { wan_01, wan_02 });
  assert.equal(changesOf(multidial(router, 'apply').effects), []);
});

test.run();
