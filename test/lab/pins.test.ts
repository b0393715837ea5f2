// Traffic goes where it is told: by prefix, port, device, interface; strict, by fallback, never balanced; sticky clients; a last resort.
// suite limit: 700 s
import { equal, ok } from 'uvu/assert';
import { FAMILIES, LINE } from './foreign.ts';
import type { Lab } from './lab.ts';
import { shortFlows, steadyFlows, type TrafficOptions } from './measure.ts';
import { type LineOptions, linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { type Family, INET } from './topology.ts';

const LINKS = linksOf('wan', 4);
const FLOWS = 40;
const BASE: Record<string, LineOptions> = { 'line wan': { ...LINE, sessions: 4 } };
const single = (address: string, family: Family) => `${address}/${family === 'ipv4' ? 32 : 128}`;

labSuite('pins', {}, (step) => {
  let router: Router;

  /** Flows by link while `work` is done. */
  async function usedBy(lab: Lab, family: Family, work: () => Promise<unknown>): Promise<Record<string, number>> {
    const [before, { links }] = [await lab.isp.sessions(), await router.status()];
    await lab.isp.resetFlows();
    await work();
    const nameOf = (device: string) => {
      const address = before.find((session) => session.device === device)?.address ?? '';
      return links.find(({ ipv4 }) => ipv4.includes(address))?.name ?? device;
    };
    return Object.fromEntries(Object.entries(await lab.isp.flows(family)).map(([device, count]) => [nameOf(device), count]));
  }

  /** Short flows, all answered; flows by link. */
  async function flowsBy(lab: Lab, options: TrafficOptions & { count?: number }): Promise<Record<string, number>> {
    const { count = FLOWS, family = 'ipv4' } = options;
    let answered = 0;
    const used = await usedBy(lab, family, async () => {
      ({ answered } = await shortFlows(lab, count, options));
    });
    equal(answered, count);
    return used;
  }

  async function configure(sections: Record<string, LineOptions>): Promise<void> {
    await router.apply({ ...BASE, ...sections });
    await router.balanced(LINKS, FAMILIES);
  }

  step('sends a prefix, ports, a device and the router’s own traffic by the link of their pin, and the rest by all', async (lab) => {
    router = await Router.install(lab);
    const mac = (await lab.must('cat /sys/class/net/eth0/address', { netns: 'lan2' })).trim();
    await configure({
      'pin prefix': { use: 'wan_02', dest: single(INET.ipv4(50), 'ipv4') },
      'pin prefix6': { use: 'wan_02', dest: single(INET.ipv6(50), 'ipv6') },
      'pin ports': { use: 'wan_03', proto: 'udp', dest_port: '20000-20019', in: 'lan' },
      'pin device': { use: 'wan_01', mac },
      'pin never': { use: 'none', dest: single(INET.ipv4(60), 'ipv4') },
    });
    for (const family of FAMILIES) equal(await flowsBy(lab, { netns: 'lan', family, host: 50 }), { wan_02: FLOWS });
    equal(await flowsBy(lab, { host: 50 }), { wan_02: FLOWS }, 'the router itself');
    equal(await flowsBy(lab, { netns: 'lan2' }), { wan_01: 20, wan_03: 20 }, 'by MAC, where the pin of the ports before it does not match');
    equal(await flowsBy(lab, { netns: 'lan', host: 60, count: 60 }), { wan_01: 40, wan_03: 20 }, 'never balanced: by the best default of netifd');
    const ports = await flowsBy(lab, { netns: 'lan', count: 220 });
    report(`220 flows, of which 20 to pinned ports: ${JSON.stringify(ports)}`);
    equal(Object.keys(ports).length, 4);
    ok((ports.wan_03 ?? 0) > 50, 'its share and the pinned ports');
  });

  step(
    'keeps strict traffic off every other link while its own is dialed anew, and lets other traffic fall back',
    async (lab) => {
      await configure({
        'pin strict': { use: 'wan_04', strict: 1, dest: single(INET.ipv4(101), 'ipv4') },
        'pin fallback': { use: 'wan_04', dest: single(INET.ipv4(102), 'ipv4') },
      });
      equal(await flowsBy(lab, { netns: 'lan', host: 101 }), { wan_04: FLOWS });
      equal(await flowsBy(lab, { netns: 'lan', host: 102 }), { wan_04: FLOWS });
      const address = (await router.status()).links.find(({ name }) => name === 'wan_04')?.ipv4[0] ?? '';
      const watch = lab.start(['tcpdump', '-n', '-l', '-i', 'any', 'dst', 'host', INET.ipv4(101), 'and', 'udp'], { netns: 'isp', timeoutMs: 0 });
      const strict = steadyFlows(lab, { netns: 'lan', host: 101, gapMs: 20 });
      const fallback = steadyFlows(lab, { netns: 'lan', host: 102, gapMs: 20 });
      await lab.isp.kill(address);
      await router.balanced(LINKS.slice(0, 3), FAMILIES);
      await router.balanced(LINKS, FAMILIES);
      const [one, other] = [await strict.stop(), await fallback.stop()];
      const seen = (await watch.stop()).stdout;
      const sources = [...new Set([...seen.matchAll(/ ppp\d+ +In +IP ([\d.]+)\.\d+ >/g)].map(([, source]) => source))];
      const after = (await router.status()).links.find(({ name }) => name === 'wan_04')?.ipv4[0] ?? '';
      report(
        `redial of wan_04: strict ${one.answered} of ${one.sent} answered, refused ${one.unreachables}, sources ${sources.join(' ')}; fallback ${other.answered} of ${other.sent}, longest gap ${other.longestGapMs} ms`,
      );
      ok(one.sent - one.answered > 20, 'it was down for a while');
      ok(sources.length > 0 && sources.every((source) => source === address || source === after), sources.join());
      ok(other.longestGapMs < 1500, `${other.longestGapMs} ms`);
      equal(await flowsBy(lab, { netns: 'lan', host: 101 }), { wan_04: FLOWS }, 'back by itself');
    },
    { limitMs: 300_000 },
  );

  step('gives a client one link, or one for each address at the far end, where a group is sticky', async (lab) => {
    await configure({ 'group all': { sticky: 'client' } });
    for (const family of FAMILIES)
      for (const netns of ['lan', 'lan2']) equal(Object.values(await flowsBy(lab, { netns, family })), [FLOWS], `${netns} by ${family}`);
    await configure({ 'group all': { sticky: 'site' } });
    const sites = new Set<string>();
    for (const host of [10, 50, 60, 101, 102, 103, 104]) {
      const used = await flowsBy(lab, { netns: 'lan', host });
      equal(Object.values(used), [FLOWS], `host ${host}`);
      sites.add(Object.keys(used)[0] ?? '');
    }
    report(`seven sites of one client by ${[...sites].sort().join(' ')}`);
    ok(sites.size >= 2);
  });

  step('shares several prefixes, each by its own links and weights, and a pin may ask for a group', async (lab) => {
    const sections = [
      "config line 'wan'",
      ...Object.entries(BASE['line wan'] ?? {}).map(([option, value]) => `\toption ${option} '${value}'`),
      "config group 'all'",
      "config group 'two'\n\tlist link 'wan_01'\n\tlist link 'wan_02'",
      `\tlist dest '${single(INET.ipv4(103), 'ipv4')}'`,
      "config group 'one'\n\tlist link 'wan_03'",
      `\tlist dest '203.0.113.104/31'`,
      "config pin 'asks'\n\toption use 'two'",
      `\tlist dest '${INET.ipv4(60)}'`,
    ];
    await lab.write('/etc/config/multidial', `config globals 'globals'\n\toption enabled '1'\n\n${sections.join('\n')}\n`, 0o600);
    await lab.must('multidial apply');
    await router.balanced(LINKS, ['ipv6']);
    const names = async (host: number) => Object.keys(await flowsBy(lab, { netns: 'lan', host, count: 100 })).sort();
    equal(await names(10), LINKS);
    equal(await names(103), ['wan_01', 'wan_02']);
    equal(await names(104), ['wan_03']);
    equal(await names(60), ['wan_01', 'wan_02']);
  });

  step('refuses at once where no link of a group lives and it says so', async (lab) => {
    await configure({
      'group all': {},
      'group last': { link: 'wan_04', dest: single(INET.ipv4(103), 'ipv4'), last_resort: 'unreachable' },
    });
    equal(await flowsBy(lab, { netns: 'lan', host: 103 }), { wan_04: FLOWS });
    await lab.must('ifdown wan_04');
    await router.balanced(LINKS.slice(0, 3), FAMILIES);
    const { code, stdout } = await lab.run(['ping', '-c', '1', '-W', '2', INET.ipv4(103)], { netns: 'lan' });
    ok(code !== 0 && /Unreachable|unreachable/.test(stdout), stdout);
    await lab.must('ifup wan_04');
    await router.balanced(LINKS, FAMILIES);
    equal(await flowsBy(lab, { netns: 'lan', host: 103 }), { wan_04: FLOWS });
  });

  step('leaves nothing behind', async (lab) => {
    await lab.must('multidial reset');
    equal(
      (await lab.must('ip rule; ip -6 rule')).split('\n').filter((line) => /^4\d\d\d:/.test(line)),
      [],
    );
    equal(await lab.must('ip route show table all proto 77; ip -6 route show table all proto 77; nft list tables | grep multidial; true'), '');
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});
