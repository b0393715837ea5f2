// `multidial why`: who decides for a connection, and which link it takes.
import * as assert from 'uvu/assert';
import type { Router } from '../../fake/router.ts';
import { line } from '../../fake/scene.ts';
import { multidial, settle } from '../../fake/shell.ts';
import { test } from '../../limit.ts';
import { ask, CLIENT, dialed, group, MAC, pin, sentencesOf, SITE, TCP, tunnels } from './why-scene.ts';

const PLAIN = ['routes', undefined, 'default', 0] as const;
const BY_PIN = ['pin', 'p', undefined, 2] as const;

/** A pin `p` to the second link, the question, and whether it matches. */
const matchRows: [title: string, match: string[], words: string[], isMatch: boolean][] = [
  ['everything', [], [CLIENT, SITE], true],
  ['its source', ['list src 192.168.1.7'], [CLIENT, SITE], true],
  ['another source', ['list src 192.168.1.8'], [CLIENT, SITE], false],
  ['its net', ['list src 10.0.0.0/8', 'list src 192.168.0.0/16'], [CLIENT, SITE], true],
  ['its destination', ['list dest 203.0.113.0/24'], [CLIENT, SITE], true],
  ['another destination', ['list dest 198.51.100.0/24'], [CLIENT, SITE], false],
  ['a destination of the other family', ['list dest 2001:db8::/32'], [CLIENT, SITE], false],
  ['its protocol', ['list proto tcp'], TCP, true],
  ['its protocol by number', ['list proto 6'], TCP, true],
  ['another protocol', ['list proto udp'], TCP, false],
  ['a protocol that was not told', ['list proto tcp'], [CLIENT, SITE], false],
  ['a protocol that the kernel is not asked by', ['list proto 47'], [CLIENT, SITE, '47'], true],
  ['icmp', ['list proto icmp'], [CLIENT, SITE, 'icmp'], true],
  ['icmp in IPv6', ['list proto icmp'], ['fd00::7', '2001:db8:1::5', 'icmp'], true],
  ['icmp by its number of IPv4 in IPv6', ['list proto icmp'], ['fd00::7', '2001:db8:1::5', '1'], false],
  ['its port', ['list dest_port 80', 'list dest_port 440-450'], TCP, true],
  ['a port beside its range', ['list dest_port 444-450'], TCP, false],
  ['a port of another protocol', ['list dest_port 443'], [CLIENT, SITE, '132', '1', '443'], false],
  ['ports alone: tcp or udp', ['list dest_port 443'], [CLIENT, SITE, 'udp', '1', '443'], true],
  ['its source port', ['list src_port 40000'], TCP, true],
  ['another source port', ['list src_port 40001'], TCP, false],
  ['a port that was not told', ['list dest_port 443'], [CLIENT, SITE, 'tcp'], false],
  ['its interface', ['list in lan'], [CLIENT, SITE], true],
  ['another interface', ['list in lte'], [CLIENT, SITE], false],
  ['its MAC', [`list mac ${MAC}`], [CLIENT, SITE], true],
  ['another MAC', ['list mac 02:00:00:00:00:08'], [CLIENT, SITE], false],
  ['a MAC of a client that is not known', [`list mac ${MAC}`], ['192.168.1.9', SITE], false],
  ['everything, and local IPv6', [], ['fd00::7', '2001:db8:1::5'], true],
  ['everything, but an address that a provider gave', [], ['2001:db8:aa::7', '2001:db8:1::5'], false],
  ['an address that a provider gave, by name', ['list src 2001:db8:aa::/64'], ['2001:db8:aa::7', '2001:db8:1::5'], true],
  ['the router itself', [], ['192.168.1.1', SITE], true],
  ['the router itself, by interface', ['list in lan'], ['192.168.1.1', SITE], false],
  ['the router itself, by MAC', [`list mac ${MAC}`], ['192.168.1.1', SITE], false],
];

for (const [title, match, words, isMatch] of matchRows) {
  test(`a pin ${isMatch ? 'takes' : 'does not take'} ${title}`, () => {
    const why = ask(dialed(pin('p', 'option use wan_02', ...match)), ...words);
    assert.equal([why.by, why.pin, why.group, why.mark], isMatch ? [...BY_PIN] : [...PLAIN], sentencesOf(why).join('\n'));
    assert.equal([why.exit, why.problems], [0, []]);
    if (isMatch) assert.equal([why.link, why.table, why.device], ['wan_02', 77_002, 'pppoe-wan_02']);
  });
}

test('the first of several pins decides, and the words say each step', () => {
  const router = dialed(pin('a', 'option use wan_01', 'list dest 10.0.0.0/8') + pin('b', 'option use wan_03') + pin('c', 'option use wan_02'));
  const { output, exit } = multidial(router, 'why', ...TCP);
  assert.is(exit, 0);
  assert.equal(output.trim().split('\n'), [
    'Pin b matches: it takes wan_03.',
    'It has mark 0x03000000/0xff000000, a link’s: table 77003 is asked.',
    'The kernel sends it by pppoe-wan_03, from table 77003: link wan_03.',
  ]);
});

test('without pins the group’s routes decide, and the question is asked as the packet comes', () => {
  const router = dialed('');
  const { effects } = multidial(router, 'why', ...TCP);
  assert.equal(
    effects.filter(({ what }) => what.includes(' get ') || what.includes(' show ')).map(({ what }) => what),
    [
      `ip -N -j route get ${CLIENT}`,
      `ip -N -j neigh show ${CLIENT} dev br-lan`,
      `ip -N -j route get ${SITE} from ${CLIENT} iif br-lan ipproto 6 sport 40000 dport 443`,
    ],
  );
  const why = ask(router, ...TCP);
  assert.equal([why.by, why.group, why.mark, why.table, why.link], ['routes', 'default', 0, 254, 'wan_01']);
  assert.equal(sentencesOf(why)[0], 'Group default has this destination: the kernel shares its connections by a hash.');
});

test('a pin to none goes by the default that is not ours', () => {
  const why = ask(dialed(pin('p', 'option use none')), ...TCP);
  assert.equal([why.by, why.mark, why.table, why.device, why.gateway, why.link], ['pin', 254, 77_254, 'usb0', '192.0.2.1', undefined]);
  assert.match(sentencesOf(why).join('\n'), /it is never balanced\.\n.* table 77254 is asked\.\n.*usb0 to 192\.0\.2\.1, from table 77254, which is no link\.$/);
});

test('a strict pin never takes another link: with its own down it is refused', () => {
  const router = dialed(pin('p', 'option use wan_02', 'option strict 1'));
  const why = ask(router, ...TCP);
  assert.equal([why.mark, why.link], [192, 'wan_02']);
  assert.match(sentencesOf(why)[0] ?? '', /it takes wan_02 and never by another\.$/);
  router.netifd.down('wan_02');
  settle(router);
  const down = ask(router, ...TCP);
  assert.equal([down.mark, down.table, down.device, down.link, down.exit], [192, undefined, undefined, undefined, 0]);
  assert.is(sentencesOf(down).at(-1), 'The kernel has no route for it: it is refused.');
});

test('a pin to a link that is down falls to the others', () => {
  const router = dialed(pin('p', 'option use wan_02'));
  router.netifd.down('wan_02');
  settle(router);
  const why = ask(router, ...TCP);
  assert.equal([why.by, why.mark, why.table, why.link], ['pin', 2, 254, 'wan_01']);
});

test('a pin to a plain group takes its table, to a sticky one its choice', () => {
  const some = ['list link wan_02', 'list link wan_03', 'list dest 10.0.0.0/8'];
  const plain = ask(dialed(group('g', ...some) + pin('p', 'option use g')), ...TCP);
  assert.equal([plain.by, plain.pin, plain.group, plain.mark, plain.table], ['pin', 'p', 'g', 192, 77_192]);
  const sticky = ask(dialed(group('g', 'option sticky client', ...some) + pin('p', 'option use g')), ...TCP);
  assert.equal([sticky.by, sticky.group, [2, 3].includes(sticky.mark), sticky.link], ['pin', 'g', true, `wan_0${sticky.mark}`]);
  // The router's own packets come to the pin's group as well.
  const own = ask(dialed(group('g', 'option sticky client', ...some) + pin('p', 'option use g')), '192.168.1.1', SITE);
  assert.equal([own.by, [2, 3].includes(own.mark)], ['pin', true]);
});

test('a client of a sticky group has one link for all sites, or one for each', () => {
  for (const sticky of ['client', 'site']) {
    const router = dialed(group('g', `option sticky ${sticky}`));
    const links = (src: string): (string | undefined)[] =>
      Array.from({ length: 20 }, (_, at) => {
        const { by, group: name, mark, link } = ask(router, src, `203.0.113.${at + 1}`, 'tcp', `${at + 1000}`, '443');
        assert.equal([by, name, link], ['group', 'g', `wan_0${mark}`]);
        return link;
      });
    assert.is(new Set(links(CLIENT)).size, sticky === 'client' ? 1 : 3, sticky);
    assert.equal(links(CLIENT), links(CLIENT));
    const clients = Array.from({ length: 20 }, (_, at) => ask(router, `192.168.1.${at + 10}`, SITE).link);
    assert.is(new Set(clients).size, 3);
  }
});

const exemptRows: [title: string, words: string[], says: RegExp][] = [
  ['the router’s own connections', ['192.168.1.1', SITE], /^The router’s own connections stick to no link of group g\.$/],
  ['an address that a provider gave', ['2001:db8:aa::7', '2001:db8:1::5'], /^An address that a provider gave leaves by that provider’s link\.$/],
];
for (const [title, words, says] of exemptRows) {
  test(`a sticky group leaves ${title} to the routes`, () => {
    const why = ask(dialed(group('g', 'option sticky client')), ...words);
    assert.equal([why.by, why.group, why.mark], ['routes', 'g', 0]);
    assert.match(sentencesOf(why)[0] ?? '', says);
  });
}

test('a sticky group without a living link of this family leaves it to the routes', () => {
  const router = dialed(group('g', 'option sticky site'), line('sessions 2', 'ipv6 off'));
  const six = ask(router, 'fd00::7', '2001:db8:1::5');
  assert.equal([six.by, six.mark, six.device], ['group', 0, undefined]);
  assert.match(sentencesOf(six).join('\n'), /^No link of group g carries this family now: the routes decide\.\nThe kernel has no route for it/);
});

test('the longest prefix decides which group a destination has', () => {
  const router = dialed(
    group('all', 'option sticky client') +
      group('office', 'list dest 10.0.0.0/8', 'list dest 10.9.0.0/16') +
      group('vpn', 'option sticky site', 'list dest 10.9.9.0/24'),
  );
  const groups = ['10.9.9.9', '10.9.8.9', '10.1.1.1', SITE].map((dst) => {
    const { by, group: name, table } = ask(router, CLIENT, dst);
    return [by, name, table === 77_255];
  });
  assert.equal(groups, [
    ['group', 'vpn', false],
    ['routes', 'office', true],
    ['routes', 'office', true],
    ['group', 'all', false],
  ]);
});

test('a destination without a group is left to the router’s own routes', () => {
  const why = ask(dialed(group('office', 'list dest 10.0.0.0/8')), ...TCP);
  assert.equal([why.by, why.group, why.mark, why.device], ['routes', undefined, 0, 'usb0']);
  assert.is(sentencesOf(why)[0], 'No group has this destination: the router’s own routes decide.');
});

/** A line as the kernel lists a connection: first as it was opened, then as it is answered. */
const entry = (mark: number): string =>
  `ipv4     2 tcp      6 431999 ESTABLISHED src=${CLIENT} dst=${SITE} sport=40000 dport=443 packets=9 bytes=900 src=${SITE} dst=10.67.1.2 sport=443 dport=40000 packets=8 bytes=800 [ASSURED] mark=${mark} zone=0 use=2\n`;

function withConnections(router: Router, text: string): Router {
  router.files.makeDirectory('/proc/net', 0o555);
  router.write('/proc/net/nf_conntrack', text);
  return router;
}

test('a group of packets says over whom they go, and one of them is shown', () => {
  for (const [spread, word] of [
    ['nth', 'in turn'],
    ['random', 'by chance'],
  ]) {
    const why = ask(tunnels(group('g', 'option mode packet', `option spread ${spread}`)), ...TCP);
    assert.equal([why.by, why.group, why.link, why.problems], ['group', 'g', 'wg1', []]);
    assert.is(sentencesOf(why)[0], `Group g spreads single packets ${word} over wg1:2 wg0:1; one of them is shown.`);
  }
});

test('an existing connection keeps what it was given, whatever pins say now', () => {
  const router = withConnections(dialed(pin('p', 'option use wan_02')), entry(3 * 2 ** 24 + 0x1234));
  const known = ask(router, ...TCP);
  assert.equal([known.by, known.pin, known.mark, known.link], ['routes', undefined, 3, 'wan_03']);
  assert.is(sentencesOf(known)[0], 'This connection exists and keeps what it was given.');
  const others = [
    [CLIENT, SITE, 'tcp', '40001', '443'],
    [CLIENT, SITE, 'udp', '40000', '443'],
    [CLIENT, '203.0.113.6', 'tcp', '40000', '443'],
    [CLIENT, SITE, 'tcp'],
  ];
  for (const words of others) assert.is(ask(router, ...words).link, 'wan_02', words.join(' '));
  assert.is(ask(withConnections(dialed(''), entry(0x1234)), ...TCP).by, 'routes');
});

test('one whose packets are spread goes on being spread', () => {
  const router = withConnections(tunnels(group('g', 'option mode packet')), entry(192 * 2 ** 24));
  const why = ask(router, ...TCP);
  assert.equal([why.by, why.group, why.mark, why.link], ['group', 'g', 190, 'wg1']);
  assert.match(sentencesOf(why).join('\n'), /^This connection exists and keeps what it was given\.\nGroup g spreads single packets/);
});

test('who lies behind a link comes in by it, and is nobody’s pin', () => {
  const router = dialed(pin('p', 'option use wan_02'));
  const why = ask(router, '198.51.100.9', CLIENT);
  assert.equal([why.by, why.mark, why.device], ['routes', 0, 'br-lan']);
  assert.match(sentencesOf(why)[0] ?? '', /^198\.51\.100\.9 lies behind link wan_01: /);
});

test('without nft nothing is marked, and that is said', () => {
  const router = dialed('');
  router.files.remove('/usr/sbin/nft');
  router.config('multidial', `${line('sessions 3')}${group('g', 'option sticky client')}${pin('p', 'option use wan_02')}`);
  multidial(router, 'apply');
  settle(router);
  const why = ask(router, ...TCP);
  assert.equal([why.by, why.mark, why.link], ['routes', 0, 'wan_01']);
  assert.is(sentencesOf(why)[0], 'Nothing is marked here: the routes decide.');
});

test('a pin by domain name matches what stands in its set', () => {
  const router = dialed(pin('p', 'option use wan_02', 'list name example.org'));
  assert.is(ask(router, CLIENT, SITE).pin, undefined);
  router.nft.elements.set('of_p_4', [SITE]);
  assert.equal([ask(router, CLIENT, SITE).pin, ask(router, CLIENT, SITE).link], ['p', 'wan_02']);
});

test.run();
