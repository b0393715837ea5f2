// Lines of every kind: VLANs of one port with accounts of their own, an interface that is adopted, and one that netifd made otherwise.
// suite limit: 600 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { ALICE } from './lab.ts';
import { shortFlows } from './measure.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const BOB = { user: 'bob', password: `b$(ob)'s "own"` };
const ACCOUNT = { username: ALICE.user, password: ALICE.password };
const FLOWS = 400;

labSuite('lines', { accounts: [ALICE, BOB] }, (step) => {
  let router: Router;

  /** Sent by each of the router's devices during `work`, in packets. */
  async function sentDuring(lab: Parameters<Parameters<typeof step>[1]>[0], devices: readonly string[], work: () => Promise<unknown>): Promise<number[]> {
    const read = async () =>
      (await lab.must(devices.map((device) => `cat /sys/class/net/${device}/statistics/tx_packets`).join('; '))).trim().split('\n').map(Number);
    const before = await read();
    await work();
    return (await read()).map((count, index) => count - (before[index] ?? 0));
  }

  step('dials two VLANs of one port twice each, one session with an account of its own', async (lab) => {
    router = await Router.install(lab);
    const before = await router.everything();
    await lab.isp.serveVlan(21);
    await lab.isp.serveVlan(31);
    const lines = {
      'line vwan2': { device: `${PORT}.21`, sessions: 2, ...ACCOUNT },
      'line vwan3': { device: `${PORT}.31`, sessions: 2, ...ACCOUNT },
      'link vwan3_02': { username: BOB.user, password: BOB.password.replaceAll("'", "'\\''") },
    };
    await router.apply(lines);
    const status = await router.balanced([...linksOf('vwan2', 2), ...linksOf('vwan3', 2)]);
    const sessions = await lab.isp.sessions();
    const userOf = (name: string) => sessions.find(({ address }) => status.links.some((link) => link.name === name && link.ipv4.includes(address)))?.user;
    equal(
      status.links.map(({ name, ipv4 }) => [name, ipv4[0]?.split('.')[2], userOf(name)]),
      [
        ['vwan2_01', '21', 'alice'],
        ['vwan2_02', '21', 'alice'],
        ['vwan3_01', '31', 'alice'],
        ['vwan3_02', '31', 'bob'],
      ],
    );
    const { answered } = await shortFlows(lab, FLOWS, { netns: 'lan', gapMs: 5 });
    const shares = Object.values(await lab.isp.flows('ipv4'));
    report(`flows by session: ${shares.join(' ')}`);
    equal(answered, FLOWS);
    ok(shares.length === 4 && shares.every((count) => count > FLOWS / 10), shares.join());
    await lab.must('multidial reset');
    await lab.until('the VLANs are gone', async () => !(await lab.must('ls /sys/class/net')).includes(`${PORT}.`));
    equal((await router.everything()).kernel, before.kernel);
  });

  step('adopts an interface that dials already: not dialed anew for a metric, first of three links, lends its account', async (lab) => {
    const dialing = `set network.wan=interface\nset network.wan.device=${PORT}\nset network.wan.proto=pppoe\nset network.wan.username=${ALICE.user}\nset network.wan.password=${ALICE.password}\nset network.wan.ipv6=0\ncommit network\n`;
    await lab.must(['uci', 'batch'], { stdin: dialing });
    await lab.must('ubus call network reload');
    /** Of netifd's default; undefined while it has none, as during a redial. */
    const metricOf = async () => {
      const { stdout } = await lab.run('ip -4 route show default dev pppoe-wan');
      return stdout ? (/metric (\d+)/.exec(stdout)?.[1] ?? '0') : undefined;
    };
    await lab.until('the interface is up', async () => (await metricOf()) !== undefined);
    const [uci, pid] = [await lab.must('uci export network; uci export firewall'), await lab.must(['pgrep', '-f', 'ifname pppoe-wan '])];

    await router.apply({ 'line wan': { device: PORT, sessions: 3, adopt: 'wan' } });
    const status = await router.balanced(linksOf('wan', 3));
    equal(
      status.links.map(({ name, device }) => [name, device]),
      [
        ['wan_01', 'pppoe-wan'],
        ['wan_02', 'pppoe-wan_02'],
        ['wan_03', 'pppoe-wan_03'],
      ],
    );
    equal(await lab.must(['pgrep', '-f', 'ifname pppoe-wan ']), pid);
    equal(await metricOf(), '7001');
    await lab.isp.resetFlows();
    equal((await shortFlows(lab, FLOWS, { netns: 'lan', gapMs: 5 })).answered, FLOWS);
    equal(Object.values(await lab.isp.flows('ipv4')).filter((count) => count > FLOWS / 6).length, 3);

    await router.apply({ 'line wan': { device: PORT, sessions: 3, adopt: 'wan', ipv6: 'nat' } });
    await router.balanced(linksOf('wan', 3), ['ipv4', 'ipv6']);
    const six = await shortFlows(lab, FLOWS, { netns: 'lan', gapMs: 5, family: 'ipv6' });
    equal(six.answered, FLOWS);

    await lab.must('multidial reset');
    equal(await lab.must('uci export network; uci export firewall'), uci);
    await lab.until('netifd has its own metric back', async () => (await metricOf()) === '0');
    equal((await shortFlows(lab, 20, { netns: 'lan' })).answered, 20);
    await lab.must('uci delete network.wan; uci commit network; ubus call network reload');
  });

  step('lets an interface with a static address take part, in both families', async (lab) => {
    await lab.must('ip link add wan1 address 02:4d:44:00:00:21 type veth peer name office netns isp');
    await lab.must('ip address add 198.51.100.1/24 dev office; ip address add 2001:db8:77::1/64 dev office nodad; ip link set office up', { netns: 'isp' });
    const office = [
      'set network.office=interface',
      'set network.office.device=wan1',
      'set network.office.proto=static',
      'set network.office.ipaddr=198.51.100.2',
      'set network.office.netmask=255.255.255.0',
      'set network.office.gateway=198.51.100.1',
      'set network.office.ip6addr=2001:db8:77::2/64',
      'set network.office.ip6gw=2001:db8:77::1',
      'set network.office.metric=50',
      'add_list firewall.@zone[1].network=office',
      'commit network',
      'commit firewall',
    ];
    await lab.must(['uci', 'batch'], { stdin: `${office.join('\n')}\n` });
    await lab.must('ubus call network reload; /etc/init.d/firewall reload');
    const sections = await lab.must('uci export network | grep -A9 office');
    await router.apply({
      'line wan': { device: PORT, sessions: 2, ...ACCOUNT, ipv6: 'nat' },
      'link office': { interface: 'office', ipv6: 'nat' },
    });
    await router.balanced([...linksOf('wan', 2), 'office'], ['ipv4', 'ipv6']);
    for (const family of ['ipv4', 'ipv6'] as const) {
      let answered = 0;
      const sent = await sentDuring(lab, ['wan1', 'pppoe-wan_01', 'pppoe-wan_02'], async () => {
        // Not to the host that the provider names as resolver: its own links ask that one.
        ({ answered } = await shortFlows(lab, FLOWS, { netns: 'lan', gapMs: 5, family, host: 50 }));
      });
      report(`${family}: ${FLOWS} flows, packets by static, session 1, session 2: ${sent.join(' ')}`);
      equal(answered, FLOWS);
      ok(
        sent.every((count) => count > FLOWS / 6),
        sent.join(),
      );
    }
    equal(await lab.must('uci export network | grep -A9 office'), sections);
    await lab.must('multidial reset');
    equal((await shortFlows(lab, 20, { netns: 'lan' })).answered, 20);
  });

  step('sends nothing by a link that did not get that address', async (lab) => {
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});
