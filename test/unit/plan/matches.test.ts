// What a pin matches, as nft has it: a rule for each family that it can mean, and none that would match more.
import * as assert from 'uvu/assert';
import type { Pin } from '../../../agent/src/config/parse.ts';
import { neverMatches, renderMatches } from '../../../agent/src/plan/matches.ts';
import { aPin } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const devices: Record<string, string> = { lan: 'br-lan', guest: 'br-guest' };
const texts = (fields: Partial<Pin>): string[] => renderMatches(aPin('p', 'wan_01', fields), (name) => devices[name]).map(({ text }) => text.trimEnd());

const LOCAL = 'meta nfproto ipv6 ip6 saddr fc00::/7';
const rows: [title: string, pin: Partial<Pin>, rules: string[]][] = [
  ['nothing: everything in IPv4, local addresses in IPv6', {}, ['meta nfproto ipv4', LOCAL]],
  ['nothing, but strict: everything', { strict: true }, ['meta nfproto ipv4', 'meta nfproto ipv6']],
  ['an IPv4 source: no IPv6', { src: ['192.168.1.7/32'] }, ['meta nfproto ipv4 ip saddr 192.168.1.7/32']],
  [
    'sources of both families, each in its own',
    { src: ['192.168.1.0/24', '2001:db8::/64', '10.0.0.0/8'] },
    ['meta nfproto ipv4 ip saddr { 192.168.1.0/24, 10.0.0.0/8 }', 'meta nfproto ipv6 ip6 saddr 2001:db8::/64'],
  ],
  ['an IPv6 destination: local sources only', { dest: ['2001:db8::1/128'] }, [`${LOCAL} ip6 daddr 2001:db8::1/128`]],
  ['an IPv6 destination, strict: any source', { dest: ['2001:db8::1/128'], strict: true }, ['meta nfproto ipv6 ip6 daddr 2001:db8::1/128']],
  ['a source of one family and a destination of the other', { src: ['10.0.0.1/32'], dest: ['::1/128'] }, []],
  [
    'a source of both and a destination of one',
    { src: ['10.0.0.1/32', '::1/128'], dest: ['192.0.2.0/24'] },
    ['meta nfproto ipv4 ip saddr 10.0.0.1/32 ip daddr 192.0.2.0/24'],
  ],
  ['a protocol', { proto: ['udp'] }, ['meta nfproto ipv4 meta l4proto udp', `${LOCAL} meta l4proto udp`]],
  ['icmp, which is another one in IPv6', { proto: ['icmp', '47'] }, ['meta nfproto ipv4 meta l4proto { icmp, 47 }', `${LOCAL} meta l4proto { ipv6-icmp, 47 }`]],
  [
    'ports alone: of tcp and udp',
    { src: ['10.0.0.1/32'], destPort: ['443', '8000-8099'] },
    ['meta nfproto ipv4 ip saddr 10.0.0.1/32 meta l4proto { tcp, udp } th dport { 443, 8000-8099 }'],
  ],
  [
    'ports of one protocol',
    { src: ['10.0.0.1/32'], proto: ['udp'], srcPort: ['5060'], destPort: ['1-1024'] },
    ['meta nfproto ipv4 ip saddr 10.0.0.1/32 meta l4proto udp th sport 5060 th dport 1-1024'],
  ],
  [
    'interfaces and devices',
    { in: ['lan', 'guest'], mac: ['02:00:00:00:00:01'], dest: ['192.0.2.0/24'] },
    ['iifname { "br-lan", "br-guest" } ether saddr 02:00:00:00:00:01 meta nfproto ipv4 ip daddr 192.0.2.0/24'],
  ],
  [
    'an interface that is missing beside one that is there',
    { in: ['ghost', 'lan'], dest: ['192.0.2.0/24'] },
    ['iifname "br-lan" meta nfproto ipv4 ip daddr 192.0.2.0/24'],
  ],
  ['only interfaces that are missing: not from anywhere', { in: ['ghost'] }, []],
];

for (const [title, pin, expected] of rows) {
  test(title, () => {
    assert.equal(texts(pin), expected);
  });
}

test('what is asked of an interface or a device the router itself never has', () => {
  const isForwarded = (fields: Partial<Pin>) => renderMatches(aPin('p', 'wan_01', fields), (name) => devices[name]).every((match) => match.isForwardedOnly);
  assert.equal([isForwarded({ in: ['lan'] }), isForwarded({ mac: ['02:00:00:00:00:01'] }), isForwarded({ src: ['10.0.0.1/32'] })], [true, true, false]);
});

test('every match ends in a blank, so that a verdict can follow', () => {
  for (const { text } of renderMatches(aPin('p', 'wan_01'), () => undefined)) assert.match(text, /\S $/);
});

test('a pin of two families never matches, any other may', () => {
  assert.equal(
    [{}, { src: ['10.0.0.1/32'] }, { src: ['10.0.0.1/32'], dest: ['::1/128'] }, { src: ['10.0.0.1/32', '::/0'], dest: ['::1/128'] }].map((fields) =>
      neverMatches(aPin('p', 'none', fields)),
    ),
    [false, false, true, false],
  );
});

test.run();
