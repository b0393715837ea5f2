// Software flow offload: pins hold, and a dead link's connections leave the flow table and are opened anew by another link.
// suite limit: 400 s
import { equal, ok } from 'uvu/assert';
import { LINE } from './foreign.ts';
import { holdFlows, throughput } from './measure.ts';
import type { Lab } from './lab.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { INET } from './topology.ts';

const LINKS = linksOf('wan', 3);
const HELD = 40;
const MARK = '0x02000000/0xff000000';

labSuite('offload', {}, (step) => {
  let router: Router;
  const pinned = INET.ipv4(50);

  const addressOf = async (link: string) => (await router.status()).links.find(({ name }) => name === link)?.ipv4[0] ?? '';
  const connections = async (lab: Lab, mark: string) =>
    (await lab.run(`conntrack -L -m ${mark} 2>/dev/null`)).stdout.split('\n').filter((line) => line.includes('src=192.168.1.'));

  step('keeps pinned connections on their link once they are offloaded', async (lab) => {
    router = await Router.install(lab);
    await router.apply({ 'line wan': { ...LINE, ipv6: 'off', sessions: 3 }, 'pin bulk': { use: 'wan_02', dest: `${pinned}/32` } });
    await router.balanced(LINKS);
    const devices = ['lan0', 'lan1', ...LINKS.map((link) => `pppoe-${link}`)].join(', ');
    const table = `table inet fastpath { flowtable fast { hook ingress priority filter; devices = { ${devices} }; }; chain go { type filter hook forward priority filter - 1; meta l4proto { tcp, udp } flow add @fast; }; }`;
    await lab.must(['nft', table]);
    await lab.isp.limit(20);
    const counted = async () => (await router.status()).links.find(({ name }) => name === 'wan_02')?.rxBytes ?? 0;
    const before = await counted();
    const run = await throughput(lab, 8, { host: 50, seconds: 4 });
    const seen = (await counted()) - before;
    const session = await lab.isp.session(await addressOf('wan_02'));
    const others = Object.entries(run.bySession).filter(([device]) => device !== session.device);
    report(`the device counted ${(seen / 1e6).toFixed(1)} MB of about ${((run.mbits * 5) / 8).toFixed(1)}`);
    report(`offloaded, pinned to wan_02: ${run.mbits} Mbit/s; by session ${JSON.stringify(run.bySession)}`);
    ok((run.bySession[session.device] ?? 0) > 10);
    ok(
      others.every(([, mbits]) => mbits < 1),
      JSON.stringify(others),
    );
  });

  step('ends a dead link’s connections, offloaded or not, within three seconds, and only its', async (lab) => {
    await lab.isp.limit(null);
    const dying = await holdFlows(lab, 'tcp', HELD, { netns: 'lan', host: 50 });
    const living = await holdFlows(lab, 'tcp', 2 * HELD, { netns: 'lan' });
    const all = await connections(lab, MARK);
    const offloaded = all.filter((line) => line.includes('OFFLOAD')).length;
    report(`${all.length} connections by wan_02, ${offloaded} of them offloaded`);
    ok(offloaded >= HELD / 2, `${offloaded}`);
    await lab.isp.kill(await addressOf('wan_02'));
    const startedAt = Date.now();
    await lab.until(
      'no connection has the mark of the dead link',
      async () => (await connections(lab, MARK)).filter((line) => line.includes('ESTABLISHED') || line.includes('OFFLOAD')).length === 0,
      20_000,
      100,
    );
    const took = Date.now() - startedAt;
    report(`gone after ${(took / 1000).toFixed(1)} s`);
    ok(took < 3000, `${took}`);
    const [dead, alive] = [await dying.stop(), await living.stop()];
    report(`connections of wan_02 ended: ${dead.lost} of ${HELD} ${JSON.stringify(dead.why)}; of all links ${alive.lost} of ${2 * HELD}`);
    equal(dead.lost, HELD);
    ok(alive.lost < HELD * 1.4, 'those of the other links stay');
  });

  step('lets a client of the dead link connect anew by another one at once', async (lab) => {
    await router.balanced(LINKS);
    const script = `
import socket, time
def talk(s):
    s.sendall(b'x'); return s.recv(9)
def fresh():
    s = socket.create_connection(('${pinned}', 7), 1); s.settimeout(1); return s
s = fresh(); last = time.time(); longest = 0; end = last + 8; breaks = 0
print('talking', flush=True)
while time.time() < end:
    try: talk(s); now = time.time(); longest = max(longest, now - last); last = now; time.sleep(0.05)
    except OSError:
        breaks += 1
        try: s.close(); s = fresh()
        except OSError: time.sleep(0.05)
print(round(longest * 1000), breaks)
`;
    const client = lab.start(['python3', '-c', script], { netns: 'lan' });
    await lab.until('the client talks', async () => client.stdout().includes('talking'));
    await lab.isp.kill(await addressOf('wan_02'));
    const [, longest = '', breaks = ''] = /(\d+) (\d+)\n$/.exec((await client.done).stdout) ?? [];
    report(`longest silence of a client whose link died: ${longest} ms, ${breaks} connections broken`);
    ok(Number(breaks) >= 1 && Number(longest) < 2500, `${longest} ms`);
    await router.balanced(LINKS);
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});
