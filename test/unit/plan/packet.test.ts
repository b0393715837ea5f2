// Packets may be spread singly only where no link hides the sender: each row is a reason, or that there is none.
import * as assert from 'uvu/assert';
import type { Group } from '../../../agent/src/config/parse.ts';
import type { Link } from '../../../agent/src/plan/members.ts';
import { findUneven, mayBePacket } from '../../../agent/src/plan/packet.ts';
import { aGroup, aLink, toPackage } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const firewall = toPackage(`config zone
	option name 'lan'
	list network 'lan'

config zone
	option name 'wan'
	list network 'wan'
	list network 'lte'
	option masq '1'

config zone
	option name 'vpn'
	option network 'wg0 wg1'

config zone
	option name 'six'
	list network 'wg6'
	option masq6 '1'
`);

const tunnel = (name: string, fields: Partial<Link> = {}): Link => aLink(name, 1, { line: undefined, device: name, balances6: true, ...fields });
const session = aLink('wan_01', 2);
const FOUR = { dest: ['0.0.0.0/0'] };
const SIX = { dest: ['::/0'] };

const rows: [title: string, group: Partial<Group>, links: Link[], firewall: typeof firewall, by: string | undefined][] = [
  ['tunnels in a zone without masquerading', {}, [tunnel('wg0'), tunnel('wg1')], firewall, undefined],
  ['tunnels in no zone', {}, [tunnel('wg7')], firewall, undefined],
  ['an interface in a zone that masquerades', {}, [tunnel('wg0'), tunnel('lte')], firewall, 'lte: masquerading in firewall zone wan'],
  ['the same where only IPv6 is shared', SIX, [tunnel('lte')], firewall, undefined],
  ['a zone that masquerades IPv6', {}, [tunnel('wg6')], firewall, 'wg6: masquerading in firewall zone six'],
  ['the same where only IPv4 is shared', FOUR, [tunnel('wg6')], firewall, undefined],
  ['IPv6 by NAT', SIX, [tunnel('wg0', { masquerades6: true })], firewall, 'wg0: IPv6 by NAT'],
  ['the same where only IPv4 is shared', FOUR, [tunnel('wg0', { masquerades6: true })], firewall, undefined],
  ['a session', FOUR, [session], firewall, 'wan_01: masquerading in firewall zone wan'],
  ['a session without any zone', FOUR, [session], [], 'wan_01: the one address of a PPPoE session'],
  ['a session that is not in IPv6', SIX, [session, tunnel('wg0')], firewall, undefined],
  ['no link at all', {}, [], firewall, undefined],
];

for (const [title, fields, links, zones, by] of rows) {
  test(`${title}: ${by ?? 'packets may be spread'}`, () => {
    const members = (family: 'ipv4' | 'ipv6') => links.filter((link) => family === 'ipv4' || link.balances6);
    const { isPacket, problems } = mayBePacket(aGroup('g', { mode: 'packet', ...fields }), members, zones);
    assert.is(isPacket, by === undefined);
    assert.equal(
      problems.map(({ code, section, option, details }) => [code, section, option, `${details?.['link']}: ${details?.['by']}`]),
      by === undefined ? [] : [['packet_masqueraded', 'group.g', 'mode', by]],
    );
  });
}

test('a group that shares connections is asked nothing', () => {
  assert.equal(
    mayBePacket(aGroup('g'), () => [session], firewall),
    { isPacket: false, problems: [] },
  );
});

for (const [name, latencies, expected] of [
  ['alike', { wg0: 20, wg1: 22.9 }, undefined],
  ['unlike', { wg0: 60.04, wg1: 20 }, ['wg1 20.0 ms', 'wg0 60.0 ms']],
  ['one unknown', { wg0: 60 }, undefined],
  ['none known', {}, undefined],
] as const) {
  test(`round trips ${name}: ${expected ? 'said with figures' : 'no word'}`, () => {
    const known: Record<string, number> = latencies;
    const found = findUneven(aGroup('g', { mode: 'packet' }), [tunnel('wg0'), tunnel('wg1')], (link) => known[link]);
    assert.equal(
      found.map(({ code, details }) => [code, details?.['figures']]),
      expected ? [['packet_uneven', [...expected]]] : [],
    );
  });
}

test.run();
