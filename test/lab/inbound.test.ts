// What comes in by a link is answered by that link, and what the router has to say about a connection reaches the LAN.
// suite limit: 500 s
import { equal, match } from 'uvu/assert';
import { FAMILIES, LINE } from './foreign.ts';
import type { Lab } from './lab.ts';
import { holdFlows, serveEcho } from './measure.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { INET, lanHosts } from './topology.ts';

const LINKS = linksOf('wan', 4);
const EACH = 5;
const FORWARDED = 8007;

labSuite('inbound', {}, (step) => {
  let router: Router;
  /** Addresses of each link. */
  let addresses: { name: string; ipv4: string; ipv6: string }[];

  /** One peer opens connections to each link's address; the ISP drops what another link answers. */
  async function isAnswered(lab: Lab, what: string, targets: readonly string[], port: number): Promise<void> {
    const asked = targets.flatMap((to) => (['tcp', 'udp'] as const).map((kind) => ({ to, kind })));
    const held = await Promise.all(asked.map(({ to, kind }) => holdFlows(lab, kind, EACH, { netns: 'inet', to, port })));
    const lost = (await Promise.all(held.map((flows) => flows.stop()))).map((flows) => flows.lost);
    report(`${what}: connections lost of ${EACH} each, TCP and UDP by link: ${lost.join(' ')}`);
    equal(
      lost,
      held.map(() => 0),
    );
  }

  step('starts with four links and servers on the router and in the LAN', async (lab) => {
    router = await Router.install(lab);
    await router.apply({ 'line wan': { ...LINE, sessions: 4 } });
    const status = await router.balanced(LINKS, FAMILIES);
    addresses = status.links.map(({ name, ipv4, ipv6 }) => ({ name, ipv4: ipv4[0] ?? '', ipv6: ipv6[0] ?? '' }));
    await serveEcho(
      lab,
      addresses.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]),
    );
    await serveEcho(lab, [lanHosts.lan], 'lan');
    const forward = `table ip forwarded { chain arrive { type nat hook prerouting priority dstnat; iifname "pppoe-*" meta l4proto { tcp, udp } th dport ${FORWARDED} dnat to ${lanHosts.lan}:7; }; }`;
    await lab.must(['nft', forward]);
    // Among fw4's includes, for it loads its table anew at each ifup.
    const accepted = 'insert rule inet fw4 forward ct status dnat accept\ninsert rule inet fw4 input meta l4proto { tcp, udp } th dport 7 accept\n';
    await lab.write('/usr/share/nftables.d/ruleset-post/50-servers.nft', accepted);
    await lab.must('fw4 reload');
  });

  step('answers the router’s own connections by the link that they came in by, both families', async (lab) => {
    await isAnswered(
      lab,
      'to the router by IPv4',
      addresses.map(({ ipv4 }) => ipv4),
      7,
    );
    await isAnswered(
      lab,
      'to the router by IPv6',
      addresses.map(({ ipv6 }) => ipv6),
      7,
    );
  });

  step('answers forwarded ports by the link that they came in by', async (lab) => {
    await isAnswered(
      lab,
      'through a port forward',
      addresses.map(({ ipv4 }) => ipv4),
      FORWARDED,
    );
  });

  step('answers what conntrack does not follow by its source address', async (lab) => {
    await lab.must(['nft', 'table ip untracked { chain out { type filter hook output priority raw; icmp type echo-reply notrack; }; }']);
    for (const { name, ipv4 } of addresses) {
      const { code } = await lab.run(['ping', '-c', '3', '-i', '0.2', '-W', '2', ipv4], { netns: 'inet' });
      equal(code, 0, name);
    }
    await lab.must('nft delete table ip untracked');
  });

  step('tells a LAN client of a smaller MTU, and of a refusal, within a connection that has its link', async (lab) => {
    const script = `
import socket, struct, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, 10, 2)
s.settimeout(3)
s.connect(('${INET.ipv4()}', 7))
s.send(b'small'); s.recv(99)
s.send(b'again'); s.recv(99)
seen = []
for _ in range(20):
    try: s.send(b'x' * 1472)
    except OSError as error: seen.append(error.errno)
    if s.getsockopt(socket.IPPROTO_IP, 14) < 1500: break
    time.sleep(0.05)
print('mtu', s.getsockopt(socket.IPPROTO_IP, 14), flush=True)
sys.stdin.readline()
for _ in range(20):
    try: s.send(b'refused'); time.sleep(0.05); s.recv(99)
    except ConnectionRefusedError: print('refused'); break
    except OSError as error: print('error', error.errno)
`;
    const mtus = [];
    for (let round = 0; round < 8; round++) {
      const { stdout } = await lab.run(['timeout', '30', 'python3', '-c', script], { netns: 'lan', stdin: '\n' });
      mtus.push(/mtu (\d+)/.exec(stdout)?.[1]);
    }
    report(`path MTU that 8 connections learned: ${mtus.join(' ')}`);
    equal(
      mtus,
      mtus.map(() => '1492'),
    );
    await lab.must('nft insert rule inet fw4 forward udp dport 7 ct state established limit rate over 1/hour burst 4 packets reject');
    const { stdout } = await lab.run(['timeout', '30', 'python3', '-c', script], { netns: 'lan', stdin: '\n' });
    match(stdout, /refused/);
  });

  step('sends nothing by a link that did not get that address', async (lab) => {
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});
