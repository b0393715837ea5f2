// What the suites about others' state share: the line, and what shows that a LAN host's traffic goes on.
import { equal } from 'uvu/assert';
import { ALICE, type Lab } from './lab.ts';
import { shortFlows } from './measure.ts';
import { linksOf } from './router.ts';
import { type Family, INET, PORT } from './topology.ts';

export const FAMILIES: Family[] = ['ipv4', 'ipv6'];
export const LINE = { device: PORT, sessions: 4, username: ALICE.user, password: ALICE.password, ipv6: 'nat' };
export const LINKS = linksOf('wan', 4);
const FLOWS = 60;

/** A LAN host's new connections are all answered, and each leaves with the address of its link. */
export async function reachesInternet(lab: Lab, families: readonly Family[] = FAMILIES): Promise<void> {
  for (const family of families) {
    // A LAN host learns of its IPv6 router by an advertisement, some seconds after a start.
    const ping = ['ping', '-c', '1', '-W', '2', INET[family]()];
    await lab.until(`a LAN host reaches the internet by ${family}`, async () => (await lab.run(ping, { netns: 'lan' })).code === 0, 60_000);
    const { answered } = await shortFlows(lab, FLOWS, { netns: 'lan', family, gapMs: 20 });
    equal(answered, FLOWS, family);
  }
  equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
}

/** The three settings that the balance needs, a line each. */
export const readSettings = (lab: Lab) =>
  lab.must('cd /proc/sys/net; cat ipv4/fib_multipath_hash_policy ipv6/fib_multipath_hash_policy ipv4/fib_multipath_use_neigh');
