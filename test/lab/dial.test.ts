// One line dialed four times from nothing but the configuration file: the sum of the sessions, for IPv4 and IPv6.
// suite limit: 600 s
import { equal, ok } from 'uvu/assert';
import { ALICE, type Lab } from './lab.ts';
import { shortFlows, throughput } from './measure.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { type Family, INET, PORT } from './topology.ts';

const LINKS = linksOf('wan', 4);
const FAMILIES: Family[] = ['ipv4', 'ipv6'];
/** Low enough for an emulated router on a busy machine to carry four times as much. */
const RATE_MBITS = 4;
const LINE = { device: PORT, sessions: 4, username: ALICE.user, password: ALICE.password, ipv6: 'nat' };

/** Traffic to one host of the outside by one link only, whatever the balance says. */
async function pinHost(lab: Lab, router: Router, host: number, link: string): Promise<void> {
  const status = await router.status();
  const device = status.links.find(({ name }) => name === link)?.device ?? '';
  const gateway = await lab.must(`ip -6 route show default dev ${device} | sed -n 's/.*via \\([^ ]*\\).*/\\1/p' | head -n 1`);
  await lab.must(`ip route replace ${INET.ipv4(host)} dev ${device}; ip -6 route replace ${INET.ipv6(host)} via ${gateway.trim()} dev ${device}`);
}

/** Of so many flows each of four links gets some, but for one time in 2,500. */
const FLOWS = 32;
/** The kernel draws the flows' ports, and so their links: a link that got one or two may stay below its rate. */
const DRAWS = 3;

/** The flows through the balance against four runs of one link each, in one boot. */
async function compareSum(lab: Lab, family: Family): Promise<void> {
  const single: number[] = [];
  for (const [index] of LINKS.entries()) single.push((await throughput(lab, 8, { family, host: 101 + index, seconds: 5 })).mbits);
  const sum = single.reduce((total, rate) => total + rate, 0);
  report(`${family}: one link at a time ${single.join(' + ')} = ${sum.toFixed(2)} Mbit/s`);
  for (const rate of single) ok(rate > 0.85 * RATE_MBITS && rate < 1.05 * RATE_MBITS, `a single link carries ${rate} Mbit/s`);
  for (let draw = 1; ; draw++) {
    const { mbits, bySession } = await throughput(lab, FLOWS, { family, seconds: 10 });
    report(`${family}: ${FLOWS} flows over all: ${mbits} Mbit/s = ${(mbits / sum).toFixed(3)} of it, by session ${JSON.stringify(bySession)}`);
    if (mbits >= 0.97 * sum) return;
    ok(draw < DRAWS, `${mbits} of ${sum} Mbit/s`);
  }
}

/** How many sessions carried more than a trickle. */
const busy = (bySession: Record<string, number>): number => Object.values(bySession).filter((mbits) => mbits > 0.3).length;

labSuite('dial', {}, (step) => {
  let router: Router;

  step('dials four sessions from the configuration file alone', async (lab) => {
    router = await Router.install(lab);
    await lab.isp.limit(RATE_MBITS);
    await router.apply({ 'line wan': LINE });
    const status = await router.balanced(LINKS, FAMILIES);
    equal(
      status.links.map(({ name, state }) => [name, state]),
      LINKS.map((name) => [name, 'up']),
    );
    equal((await lab.isp.sessions()).length, 4);
    equal(new Set((await lab.isp.sessions()).map(({ mac }) => mac)).size, 4);
  });

  step('shows four nexthops in the default of both families', async (lab) => {
    for (const family of ['-4', '-6']) {
      const text = await lab.must(`ip ${family} -d route show default proto 77`);
      equal(text.match(/nexthop /g)?.length, 4, text);
      ok(/metric 7 /.test(text), text);
    }
    const groups = (await router.status()).groups;
    equal(
      groups.map(({ family, route, kind, members }) => [family, route, kind, members.length]),
      [
        ['ipv4', 'present', 'nexthop', 4],
        ['ipv6', 'present', 'nexthop', 4],
      ],
    );
  });

  step('gives LAN clients an IPv6 default by advertisement, though they have local addresses only', async (lab) => {
    const addresses = await lab.until('the client has an address and a default', async () => {
      const text = (await lab.run('ip -6 addr show dev eth0 scope global; ip -6 route show default', { netns: 'lan' })).stdout;
      return /inet6 fd77:4d44:1:/.test(text) && /default via .* proto ra/.test(text) && text;
    });
    ok(!/inet6 2001:/.test(addresses), addresses);
    await lab.until('the client reaches the outside', async () => (await lab.run(['ping', '-c', '1', '-W', '1', INET.ipv6()], { netns: 'lan' })).code === 0);
  });

  for (const family of FAMILIES) {
    step(
      `carries the sum of the four links, ${family}`,
      async (lab) => {
        if (family === 'ipv4') for (const [index, link] of LINKS.entries()) await pinHost(lab, router, 101 + index, link);
        await compareSum(lab, family);
      },
      { limitMs: 180_000 },
    );
  }

  step('keeps one flow on one link', async (lab) => {
    const one = await throughput(lab, 1, { seconds: 4 });
    report(`one flow: ${one.mbits} Mbit/s, by session ${JSON.stringify(one.bySession)}`);
    equal(busy(one.bySession), 1);
  });

  step('shares by connection with l4, and by host pair with l3', async (lab) => {
    const l4 = await throughput(lab, FLOWS, { seconds: 4 });
    await router.apply({ 'line wan': LINE, 'group all': { hash: 'l3' } });
    await router.balanced(LINKS, FAMILIES);
    const l3 = await throughput(lab, FLOWS, { seconds: 4 });
    const l3v6 = await throughput(lab, FLOWS, { seconds: 4, family: 'ipv6' });
    report(`${FLOWS} flows between two hosts: l4 ${l4.mbits} Mbit/s over ${busy(l4.bySession)} links; l3 ${l3.mbits} over ${busy(l3.bySession)}`);
    equal([busy(l4.bySession), busy(l3.bySession), busy(l3v6.bySession)], [4, 1, 1]);
    await router.apply({ 'line wan': LINE });
  });

  step('shares the router’s own connections too', async (lab) => {
    await lab.isp.resetFlows();
    const { answered, errors } = await shortFlows(lab, 400);
    equal([answered, errors], [400, {}]);
    const flows = await lab.isp.flows('ipv4');
    report(`400 flows of the router itself by session: ${JSON.stringify(flows)}`);
    equal(Object.keys(flows).length, 4);
  });

  step('sends nothing by a link that did not get that address', async (lab) => {
    report(`refusals of the router itself that left by another link than their address’s: ${JSON.stringify(await lab.isp.strayRefusals())}`);
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});
