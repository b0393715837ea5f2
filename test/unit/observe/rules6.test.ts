// Rules of IPv6 cost a process: the hook's run goes by a note, as long as ours of IPv4 stand.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import type { Router } from '../../fake/router.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { changesOf, multidial, multidialDying } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const NOTE = '/var/run/multidial/rules6';
const ours = (router: Router, family: 'ipv4' | 'ipv6') => router.kernel.rules[family].filter(({ protocol }) => protocol === 77);
/** Of one preference the order is that of their making. */
const short = (rule: object): string => JSON.stringify(rule);
/** How often a run asks for rules of IPv6. */
const asked = (router: Router, ...words: string[]): number => multidial(router, ...words).effects.filter(({ what }) => what.startsWith('ip -force -6')).length;

test('the note says what stands', () => {
  const router = aDialedRouter(line('sessions 2'));
  const note = JSON.parse(router.files.read(NOTE) ?? '') as { family: string; preference: number }[];
  assert.ok(note.length > 0);
  assert.equal(
    note.map(({ family, preference }) => [family, preference]),
    ours(router, 'ipv6').map(({ preference }) => ['ipv6', preference]),
  );
  assert.is(router.files.modeOf(NOTE), 0o600);
});

const rows: [title: string, spoil: (router: Router) => void, words: string[], asks: number][] = [
  ['with the note and our rules of IPv4 the hook', () => undefined, ['hotplug'], 0],
  ['with them an ifup', () => undefined, ['hotplug', 'ifup', 'pppoe-wan_01'], 0],
  ['without the note the hook', (router) => router.files.remove(NOTE), ['hotplug'], 1],
  ['with a note cut short the hook', (router) => router.write(NOTE, (router.files.read(NOTE) ?? '').slice(0, -9)), ['hotplug'], 1],
  ['with an empty note the hook', (router) => router.write(NOTE, ''), ['hotplug'], 1],
  ['after all rules were flushed the hook', (router) => router.kernel.rules.flush(), ['hotplug'], 1],
  ['with everything in place apply', () => undefined, ['apply'], 1],
];

for (const [title, spoil, words, asks] of rows) {
  test(`${title} asks ${asks ? 'the kernel' : 'nobody'}, and both families stand afterwards`, () => {
    const router = aDialedRouter(line('sessions 2'));
    const before = [ours(router, 'ipv4'), ours(router, 'ipv6')];
    const note = router.files.read(NOTE);
    spoil(router);
    assert.is(asked(router, ...words), asks);
    assert.equal([ours(router, 'ipv4'), ours(router, 'ipv6')], before);
    assert.is(router.files.read(NOTE), note);
    assert.equal(changesOf(multidial(router, 'apply').effects), []);
  });
}

test('a session that goes and comes adds no question, and the note follows', () => {
  const router = aDialedRouter(line('sessions 2', 'ipv6 nat'));
  router.netifd.down('wan_01');
  assert.is(asked(router, 'hotplug', 'ifdown', 'pppoe-wan_01'), 0);
  assert.equal((JSON.parse(router.files.read(NOTE) ?? '') as unknown[]).length, ours(router, 'ipv6').length);
  router.netifd.up('wan_01');
  assert.is(asked(router, 'hotplug', 'ifup', 'pppoe-wan_01'), 0);
  assert.equal((JSON.parse(router.files.read(NOTE) ?? '') as unknown[]).length, ours(router, 'ipv6').length);
});

test('a hook’s run that is killed anywhere leaves no note that is believed and wrong', () => {
  const text = line('sessions 2', 'ipv6 nat');
  for (let effect = 0, dies = true; dies; effect++) {
    const router = aDialedRouter(text);
    const before = ours(router, 'ipv6');
    router.netifd.down('wan_01');
    dies = multidialDying(router, { effect }, 'hotplug').exit === undefined;
    // The link is back before anybody looks again: what the note of before says is wanted once more.
    router.netifd.up('wan_01');
    multidial(router, 'hotplug');
    assert.equal(ours(router, 'ipv6').map(short).toSorted(), before.map(short).toSorted(), `killed at ${effect}`);
    assert.ok(!dies || effect < 40);
  }
});

test.run();
