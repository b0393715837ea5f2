// Changes of the configuration: weights, fewer and more sessions, others' sections, and `reset`, which gives the router back.
// suite limit: 600 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { ALICE } from './lab.ts';
import { shortFlows } from './measure.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const LINE = { device: PORT, username: ALICE.user, password: ALICE.password, ipv6: 'nat' };
const FLOWS = 2000;

labSuite('change', {}, (step) => {
  let router: Router;
  let before: Awaited<ReturnType<Router['everything']>>;

  step('sets up a router with sections, routes and rules of others', async (lab) => {
    router = await Router.install(lab);
    const foreign = [
      'uci set network.tun=interface; uci set network.tun.proto=none; uci commit network',
      'ip rule add pref 1234 from 198.51.100.1 lookup 100; ip -6 rule add pref 1234 from 2001:db8:9::1 lookup 100',
      'ip route add 198.51.100.0/24 dev br-lan metric 50; ip nexthop add id 42 dev br-lan',
      'nft add table inet foreign; nft add chain inet foreign pre "{ type filter hook prerouting priority 0; }"; nft add rule inet foreign pre counter',
    ];
    await lab.must(foreign.join(' && '));
    await lab.until('the interface list has settled', async () => (await lab.run('ubus call network reload')).code === 0);
    before = await router.everything();
  });

  step('shares new flows 3 to 1 by weight', async (lab) => {
    await router.apply({ 'line wan': { ...LINE, sessions: 2 }, 'link wan_01': { weight: 3 } });
    await router.balanced(linksOf('wan', 2), ['ipv4', 'ipv6']);
    await lab.isp.resetFlows();
    const { answered } = await shortFlows(lab, FLOWS, { netns: 'lan', gapMs: 5 });
    const heavy = await lab.isp.session((await router.status()).links[0]?.ipv4[0] ?? '');
    const share = ((await lab.isp.flows('ipv4'))[heavy.device] ?? 0) / FLOWS;
    report(`weights 3:1: ${(100 * share).toFixed(1)} % of ${FLOWS} flows by the heavy link, ${answered} answered`);
    equal(answered, FLOWS);
    ok(Math.abs(share - 0.75) <= 0.03, `${share}`);
  });

  step('goes from four sessions to two and back, and leaves the two that stay alone', async (lab) => {
    await router.apply({ 'line wan': { ...LINE, sessions: 4 } });
    await router.balanced(linksOf('wan', 4), ['ipv4', 'ipv6']);
    const pidsOf = async () => (await lab.must("pgrep -f 'ifname pppoe-wan_0[12] ' | sort")).trim();
    const [pids, text] = [await pidsOf(), await lab.read('/etc/config/network')];
    await router.apply({ 'line wan': { ...LINE, sessions: 2 } });
    await router.balanced(linksOf('wan', 2), ['ipv4', 'ipv6']);
    await lab.until('the devices of the others are gone', async () => (await lab.run('ls /sys/class/net | grep -E "wan_0[34]"')).code !== 0);
    equal(await pidsOf(), pids);
    await router.apply({ 'line wan': { ...LINE, sessions: 4 } });
    await router.balanced(linksOf('wan', 4), ['ipv4', 'ipv6']);
    equal(await pidsOf(), pids);
    equal(await lab.read('/etc/config/network'), text);
  });

  step('keeps an option that somebody added to one of our sections', async (lab) => {
    await lab.must('uci set network.wan_01.dns_metric=5; uci commit network; multidial apply');
    equal((await lab.must('uci get network.wan_01.dns_metric')).trim(), '5');
  });

  step('stops before changes that somebody left uncommitted, and loses none', async (lab) => {
    await lab.must('uci set network.lan.ip6hint=7');
    await router.store({ 'line wan': { ...LINE, sessions: 3 } });
    const { code, stdout } = await lab.run('multidial apply');
    equal(code, 1);
    ok(/uncommitted changes in network/.test(stdout), stdout);
    equal(await lab.must('uci changes network'), "network.lan.ip6hint='7'\n");
    ok(!(await lab.read('/etc/config/network')).includes('ip6hint'));
    await lab.must('uci revert network; multidial apply');
    await router.balanced(linksOf('wan', 3), ['ipv4', 'ipv6']);
  });

  step('gives the router back: uci, routes, rules, nexthops, nft and settings as before', async (lab) => {
    await lab.must('multidial reset');
    await lab.until('our devices are gone', async () => (await lab.run('ls /sys/class/net | grep -E "wan_0"')).code !== 0);
    const settled = async () => (await router.everything()).kernel === before.kernel;
    await lab.until('the kernel is as before', settled, 20_000).catch(() => {});
    const after = await router.everything();
    equal(after.kernel, before.kernel);
    const withoutOurs = (text: string) => text.replace(/package multidial\n[\s\S]*?(?=\npackage |$)/, '');
    equal(withoutOurs(after.uci), withoutOurs(before.uci));
    equal((await lab.must('uci get multidial.globals.enabled')).trim(), '0');
    equal((await lab.run(['pgrep', '-f', 'ifname pppoe-'])).stdout, '');
  });

  step('sends nothing by a link that did not get that address', async (lab) => {
    report(`refusals of the router itself that left by another link than their address’s: ${JSON.stringify(await lab.isp.strayRefusals())}`);
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});
