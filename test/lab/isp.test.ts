// The lab about itself: an ISP that took anything from anybody would prove nothing about the product.
// suite limit: 300 s
import { equal, ok } from 'uvu/assert';
import { ALICE, type Lab } from './lab.ts';
import { shortFlows, throughput } from './measure.ts';
import { labSuite, report } from './steps.ts';
import { ROUTER_LAN_ADDRESS } from './topology.ts';

const mac = (index: number) => `02:00:00:00:00:0${index}`;

/** Dials by hand, as netifd's pppd is called. */
async function dial(lab: Lab, index: number, password = ALICE.password) {
  await lab.must(
    `ip link set wan0 up; [ -e /sys/class/net/m${index} ] || ip link add m${index} link wan0 address ${mac(index)} type macvlan mode private; ip link set m${index} up`,
  );
  const options = ['nodetach', 'ifname', `ppp-w${index}`, 'nodefaultroute', 'maxfail', '1', '+ipv6', 'user', ALICE.user, 'password', password];
  return lab.start(['pppd', ...options, 'lcp-echo-interval', '1', 'lcp-echo-failure', '5', 'plugin', 'pppoe.so', `nic-m${index}`]);
}

const isUp = (lab: Lab, index: number) =>
  lab.until(`session ${index} is up`, async () => (await lab.isp.sessions()).find((session) => session.mac === mac(index)));

labSuite('isp', {}, (step) => {
  step('dials two sessions of one account over one port, with an address each', async (lab) => {
    await Promise.all([dial(lab, 1), dial(lab, 2)]);
    const [one, two] = await Promise.all([isUp(lab, 1), isUp(lab, 2)]);
    ok(one.address !== two.address, `${one.address} and ${two.address}`);
    equal([one.user, two.user], [ALICE.user, ALICE.user]);
    await lab.must('ip route replace default dev ppp-w1');
  });

  step('refuses a wrong password', async (lab) => {
    const pppd = await dial(lab, 3, 'wrong');
    const end = await pppd.done;
    equal(end.code, 19, `pppd's exit code for a failed authentication; it said ${end.stdout}`);
    equal(
      (await lab.isp.sessions()).filter((session) => session.mac === mac(3)),
      [],
    );
  });

  step('drops and counts a source it did not assign, of either family', async (lab) => {
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
    const { address } = await lab.isp.session(mac(2));
    await lab.must('sysctl -qw net.ipv6.conf.ppp-w1.accept_ra=2');
    await lab.until('the router has an IPv6 route by RA', async () => (await lab.run('ip -6 route show default dev ppp-w1')).stdout.includes('via'));
    // The other session's address, out by this one: the filter goes by session, not by pool.
    await lab.run(`ip address add ${address}/32 dev lo; ping -c 2 -i 0.2 -W 1 -I ${address} 203.0.113.10; ip address del ${address}/32 dev lo`);
    await lab.run(
      'ip address add 2001:db8:1999::1/128 dev lo; ping -c 2 -i 0.2 -W 1 -I 2001:db8:1999::1 2001:db8:ffff::10; ip address del 2001:db8:1999::1/128 dev lo',
    );
    const { ipv4, ipv6 } = await lab.isp.spoofed();
    ok(ipv4 === 2 && ipv6 === 2, `dropped ${ipv4} and ${ipv6} of 2 each`);
    await lab.must('ping -c 1 -W 2 203.0.113.10; ping -c 1 -W 2 2001:db8:ffff::10');
  });

  step('answers every short flow, counted by session', async (lab) => {
    await lab.must(['nft', 'table ip nat { chain post { type nat hook postrouting priority srcnat; oifname "ppp-*" masquerade; }; }']);
    await lab.must(`ip address add ${ROUTER_LAN_ADDRESS}/24 dev br-lan`);
    await lab.isp.resetFlows();
    const result = await shortFlows(lab, 200, { netns: 'lan' });
    equal([result.sent, result.answered, result.errors], [200, 200, {}]);
    equal(await lab.isp.flows('ipv4'), { [(await lab.isp.session(mac(1))).device]: 200 });
  });

  step('sees a route go: errors at the router, unreachables in the LAN', async (lab) => {
    await lab.must('ip route del default');
    const [own, fromLan] = await Promise.all([shortFlows(lab, 50), shortFlows(lab, 50, { netns: 'lan' })]);
    await lab.must('ip route replace default dev ppp-w1');
    equal([own.answered, own.errors], [0, { ENETUNREACH: 50 }]);
    ok(fromLan.answered === 0 && fromLan.unreachables > 0, JSON.stringify(fromLan));
  });

  step('limits a session each way, and takes the limit back', async (lab) => {
    await lab.isp.limit(10);
    const down = await throughput(lab, 4, { seconds: 3 });
    const up = await throughput(lab, 4, { seconds: 3, direction: 'up' });
    await lab.isp.limit(null);
    const free = await throughput(lab, 4, { seconds: 3 });
    report(`limit 10 Mbit/s: down ${down.mbits}, up ${up.mbits}; no limit: down ${free.mbits} Mbit/s`);
    for (const { mbits } of [down, up]) ok(mbits > 8.5 && mbits < 10.5, `${mbits} of 10 Mbit/s`);
    ok(free.mbits > 12, `${free.mbits} Mbit/s without a limit`);
  });

  step('loses what a black hole swallows while the session stays', async (lab) => {
    const device = await lab.isp.hole(mac(1));
    equal((await shortFlows(lab, 20, { netns: 'lan' })).answered, 0);
    await lab.isp.fill(device);
    equal((await shortFlows(lab, 20, { netns: 'lan' })).answered, 20);
  });

  step('falls silent for one session, whose client then hangs up', async (lab) => {
    const silenced = await lab.isp.silence(mac(2));
    await lab.until('the client gives up', async () => (await lab.run('ip link show ppp-w2')).code !== 0);
    await lab.isp.hear(silenced);
    await isUp(lab, 1);
  });

  step('hangs up when told to', async (lab) => {
    await lab.isp.kill(mac(1));
    await lab.until('the session is gone', async () => (await lab.run('ip link show ppp-w1')).code !== 0);
  });
});
