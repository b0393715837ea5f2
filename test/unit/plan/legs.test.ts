// Who carries what while links are dead or rest: new connections, those that a link has, and its own packets.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { chooseLegs } from '../../../agent/src/plan/legs.ts';
import type { Leg } from '../../../agent/src/plan/members.ts';
import { aGroup, aLink } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const LINKS = [aLink('wan_01', 1), aLink('wan_02', 2), aLink('wan_03', 3)];
const upLegs = (names: readonly string[]) => (links: readonly { name: string; slot: number }[]) =>
  links.filter(({ name }) => names.includes(name)).map(({ name, slot }): Leg => ({ link: name, slot, weight: 1, device: `pppoe-${name}`, gateway: undefined }));

type Row = [name: string, up: string, dead: string, unheard: string, resting: string, alive: string, shared: string, avoided: string];
const rows: Row[] = [
  ['all is well', '1 2 3', '', '', '', '1 2 3', '1 2 3', ''],
  ['a dead one carries nothing new and keeps nothing', '1 2 3', '2', '', '', '1 3', '1 3', '2'],
  ['one that rests keeps what it has', '1 2 3', '', '', '2', '1 2 3', '1 3', '2'],
  ['dead and resting', '1 2 3', '1', '', '2', '2 3', '3', '1 2'],
  ['where all are dead none is', '1 2 3', '1 2 3', '', '', '1 2 3', '1 2 3', ''],
  ['the only one that netifd has up is not dead', '2', '2', '', '', '2', '2', ''],
  ['where all rest none does', '1 2', '', '', '1 2', '1 2', '1 2', ''],
  ['where all that live rest none does, but in the other family', '1 2 3', '3', '', '1 2', '1 2', '1 2', '1 2 3'],
  ['one that is down is nobody’s business', '1', '2', '', '3', '1', '1', '2 3'],
  ['one that was dialed just now is no witness against the others', '1 2 3', '1 2', '3', '', '1 2 3', '1 2 3', ''],
  ['a dead one is dead while another is unheard and a third answers', '1 2 3', '1', '2', '', '2 3', '2 3', '1'],
];
const numbers = (legs: readonly Leg[]): string => legs.map(({ slot }) => slot).join(' ');
const names = (text: string): string[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((digit) => `wan_0${digit}`);

for (const [name, up, dead, unheard, resting, alive, shared, avoided] of rows) {
  test(name, () => {
    const legs = chooseLegs(
      LINKS,
      [],
      { dead: { ipv4: names(dead), ipv6: [] }, unheard: { ipv4: names(unheard), ipv6: [] }, resting: names(resting) },
      upLegs(names(up)),
    );
    assert.equal([numbers(legs.up(LINKS, 'ipv4')), numbers(legs.alive(LINKS, 'ipv4')), numbers(legs.shared(LINKS, 'ipv4'))], [up, alive, shared]);
    assert.equal(
      LINKS.filter((link) => legs.isAvoided(link.name))
        .map(({ slot }) => slot)
        .join(' '),
      avoided,
    );
    assert.is(numbers(legs.alive(LINKS, 'ipv6')), up, 'the other family has a verdict of its own');
  });
}

test('who asks for a refusal when no link lives gets it', () => {
  const dead = { ipv4: names('1 2 3'), ipv6: [] };
  const legs = chooseLegs(LINKS, [aGroup('g', { isLastResort: true })], { dead, unheard: { ipv4: [], ipv6: [] }, resting: [] }, upLegs(names('1 2 3')));
  assert.equal(legs.alive(LINKS, 'ipv4'), []);
});

test.run();
