// What a failing step shows: the state of router and ISP, as text.
import type { Control } from './control.ts';
import { ISP_DIR } from './isp-files.ts';

const router = `
section() { echo; echo "--- $*"; "$@" 2>&1 || echo "(exit $?)"; }
section sh -c 'ip route show table all | grep -v "table local"'
section sh -c 'ip -6 route show table all | grep -vE "table local|^fe80|^multicast|^anycast"'
section ip rule
section ip -6 rule
section ip nexthop
section ip -brief address
section nft list ruleset
section sh -c 'ps -eo pid,ppid,etimes,stat,args --sort pid | grep -v " \\[" | cut -c1-140 | tail -n 50'
command -v ubus >/dev/null || exit 0
section ubus call network.interface dump
section cat /etc/config/multidial
section multidial status
section sh -c 'logread | tail -n 60'
section sh -c 'tail -n 60 /tmp/stand-in.log'
`;

const isp = `
section() { echo; echo "--- ISP: $*"; "$@" 2>&1 || echo "(exit $?)"; }
section sh -c 'cat ${ISP_DIR}/sessions/* 2>/dev/null'
section nft list table inet isp
section nft list table netdev silence
section tail -n 20 ${ISP_DIR}/pppd.log
`;

// Account names are the lab's own; passwords still have no place in a log.
const withoutSecrets = (text: string) => text.replace(/^(\s*option password ).*$/gm, '$1(hidden)').replace(/( password )\S+/g, '$1(hidden)');

/** Never rejects: it is called when something went wrong already. */
export async function collectEvidence(control: Control): Promise<string> {
  try {
    const [atRouter, atIsp] = await Promise.all([
      control.run(['sh', '-s'], { stdin: router, timeoutMs: 20_000 }),
      control.run(['sh', '-s'], { netns: 'isp', stdin: isp, timeoutMs: 20_000 }),
    ]);
    return withoutSecrets(`${atRouter.stdout}${atIsp.stdout}`);
  } catch (error) {
    return `no evidence: ${String(error)}`;
  }
}
