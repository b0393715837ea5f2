// Names resolve with any one link dead: each link's own resolver is asked by that link alone, as providers want it.
// suite limit: 600 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { LINE } from './foreign.ts';
import type { Lab } from './lab.ts';
import { shortFlows } from './measure.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { INET } from './topology.ts';

const LINKS = linksOf('wan', 3);
/** Each provider’s resolver answers its own customers only. */
const RESOLVERS = LINKS.map((_, index) => INET.ipv4(101 + index));
const NAME = 'www.multidial.test';
const ANSWER = INET.ipv4(50);

labSuite('resolvers', {}, (step) => {
  let router: Router;
  const addressOf = async (link: string) => (await router.status()).links.find(({ name }) => name === link)?.ipv4[0] ?? '';

  /** Questions that came to each resolver from its own link, and from others, since the last call. */
  async function asked(lab: Lab): Promise<{ own: number[]; others: number }> {
    const text = await lab.must(['sh', '-c', 'nft -j list table inet dns; nft reset counters table inet dns >/dev/null'], { netns: 'inet' });
    const counters = (JSON.parse(text) as { nftables: { counter?: { name: string; packets: number } }[] }).nftables.flatMap(({ counter }) => counter ?? []);
    const of = (name: string) => counters.find((counter) => counter.name === name)?.packets ?? 0;
    return { own: RESOLVERS.map((_, index) => of(`own${index}`)), others: of('others') };
  }

  /** The rules follow the addresses that the sessions have now. */
  async function serveOwn(lab: Lab): Promise<void> {
    const addresses = await Promise.all(LINKS.map(addressOf));
    const rules = RESOLVERS.map((resolver, index) => `udp dport 53 ip daddr ${resolver} ip saddr ${addresses[index]} counter name own${index} accept`);
    const counters = [...RESOLVERS.map((_, index) => `counter own${index} { }`), 'counter others { }'];
    const rest = `udp dport 53 ip daddr { ${RESOLVERS.join(', ')} } counter name others drop`;
    const chain = ['chain in {', 'type filter hook input priority filter;', ...rules, rest, '}'];
    const script = ['add table inet dns', 'delete table inet dns', 'table inet dns {', ...counters, ...chain, '}', ''];
    await lab.must(['nft', '-f', '-'], { netns: 'inet', stdin: script.join('\n') });
  }

  /** How long a LAN client waits for the name, asking the router; null where it gets none. */
  async function resolve(lab: Lab): Promise<number | null> {
    const startedMs = Date.now();
    const { stdout } = await lab.run(['busybox', 'nslookup', '-type=a', NAME, '192.168.1.1'], { netns: 'lan', timeoutMs: 20_000 });
    return stdout.includes(ANSWER) ? Date.now() - startedMs : null;
  }

  step('starts with three links, each with a resolver of its own, behind dnsmasq', async (lab) => {
    router = await Router.install(lab);
    lab.start(
      [
        'dnsmasq',
        '--keep-in-foreground',
        '--no-resolv',
        '--no-hosts',
        '--bind-interfaces',
        ...RESOLVERS.map((address) => `--listen-address=${address}`),
        `--address=/${NAME}/${ANSWER}`,
        '--local-ttl=0',
        '--pid-file=',
      ],
      { netns: 'inet' },
    );
    await router.apply({ 'line wan': { ...LINE, ipv6: 'off', sessions: 3 }, 'pin site': { use: 'wan_02', name: [NAME] } });
    await router.balanced(LINKS);
    const options = LINKS.map((link, index) => `uci set network.${link}.peerdns=0; uci add_list network.${link}.dns=${RESOLVERS[index]}`);
    await lab.must(`${options.join('; ')}; uci commit network; ubus call network reload; ${LINKS.map((link) => `ifup ${link}`).join('; ')}`);
    await lab.until('netifd has taken them', async () => (await lab.must('ubus call network.interface dump')).includes(RESOLVERS[2] ?? ''), 60_000);
    await router.balanced(LINKS);
    await lab.must('multidial apply');
    // As OpenWrt's init script makes it of the section in dhcp.
    const [sets, domain] = [await lab.must('uci get dhcp.multidial_site.name'), await lab.must('uci get dhcp.multidial_site.domain')];
    const nftset = `--nftset=/${domain.trim()}/${sets
      .trim()
      .split(' ')
      .map((set) => `${set.at(-1)}#inet#multidial#${set}`)
      .join(',')}`;
    const listening = ['--listen-address=192.168.1.1', '--bind-interfaces', '--pid-file='];
    lab.start([
      'dnsmasq',
      '--keep-in-foreground',
      '--resolv-file=/tmp/resolv.conf.d/resolv.conf.auto',
      '--no-hosts',
      '--cache-size=0',
      '--all-servers',
      nftset,
      ...listening,
    ]);
    await serveOwn(lab);
    await lab.until('a name resolves', async () => (await resolve(lab)) !== null, 20_000, 500);
  });

  step('sends what belongs to a pinned name by its link, once a client has asked for it', async (lab) => {
    ok((await resolve(lab)) !== null);
    const device = (await lab.isp.session(await addressOf('wan_02'))).device;
    await lab.isp.resetFlows();
    await shortFlows(lab, 90, { netns: 'lan', host: 50 });
    const named = await lab.isp.flows('ipv4');
    await lab.isp.resetFlows();
    await shortFlows(lab, 90, { netns: 'lan', host: 60 });
    const others = await lab.isp.flows('ipv4');
    report(`90 flows to the name ${JSON.stringify(named)}, to another host ${JSON.stringify(others)}`);
    equal(named, { [device]: 90 });
    equal(Object.keys(others).length, 3);
  });

  step('asks each resolver by its own link', async (lab) => {
    await asked(lab);
    for (let count = 0; count < 10; count++) ok((await resolve(lab)) !== null);
    const { own, others } = await asked(lab);
    report(`questions by their own link ${own.join(' ')}, by another ${others}`);
    equal(others, 0);
    ok(
      own.every((count) => count >= 10),
      own.join(),
    );
  });

  for (const link of LINKS) {
    step(`resolves names while ${link} is a black hole, and after it`, async (lab) => {
      const device = await lab.isp.hole(await addressOf(link));
      const waits: (number | null)[] = [];
      for (const endMs = Date.now() + 10_000; Date.now() < endMs; ) waits.push(await resolve(lab));
      await lab.isp.fill(device);
      report(
        `${waits.filter((wait) => wait !== null).length} of ${waits.length} questions answered, the slowest after ${Math.max(...waits.map((wait) => wait ?? Number.POSITIVE_INFINITY))} ms`,
      );
      ok(waits.length >= 5);
      equal(waits.filter((wait) => wait === null).length, 0);
      await router.balanced(LINKS);
      equal((await lab.isp.spoofed()).ipv4, 0);
    });
  }
});
