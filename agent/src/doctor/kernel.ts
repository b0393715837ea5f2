// Checks of the kernel and its tools: nexthops, settings, offloading, connections, the clock.
import { parseBool } from '../contract/index.ts';
import type { Finding } from '../contract/index.ts';
import { groupsOf, membersIn } from '../plan/members.ts';
import { mayBePacket } from '../plan/packet.ts';
import { chooseHash, planSettings } from '../plan/settings.ts';
import { scalarOf } from '../uci/package.ts';
import { isSilent } from './input.ts';
import type { Check, DoctorInput } from './input.ts';

const ip: Check = {
  name: 'ip',
  look: ({ kernel, install, release }) => {
    if (isSilent(kernel)) return [{ code: 'ip_unfit', severity: 'error', details: { ...kernel, install } }];
    return kernel.nexthops ? [] : [{ code: 'nexthops_missing', severity: 'warning', details: { release, install } }];
  },
};

const options: Check = {
  name: 'kernel',
  look: ({ links, hasNft, canEndConnections, setting, install }) => {
    const keys = ['net.ipv4.fib_multipath_hash_policy', ...(links.some(({ link }) => link.balances6) ? ['net.ipv6.fib_multipath_hash_policy'] : [])];
    const missing = keys.filter((key) => setting(key) === undefined);
    return [
      ...(hasNft ? [] : [{ code: 'nft_missing', severity: 'warning' } satisfies Finding]),
      ...missing.map((key): Finding => ({ code: 'hash_policy_missing', severity: 'warning', details: { key } })),
      ...(canEndConnections ? [] : [{ code: 'connections_unlisted', severity: 'note', details: { install } } satisfies Finding]),
    ];
  },
};

/** What a run would write is what is not in force. */
const hashPolicy: Check = {
  name: 'hash_policy',
  look: ({ config, links, setting, settingsFile }) => {
    if (links.length === 0) return 'no_links';
    const { writes } = planSettings(chooseHash(config).hash, setting, settingsFile);
    return writes.map(
      ({ key, value }): Finding => ({ code: 'hash_policy_differs', severity: 'warning', details: { key, wanted: value, got: setting(key) ?? '' } }),
    );
  },
};

/** What offloads, in words; undefined where nothing does. A flowtable may be anybody's, fw4's own follows the firewall's options. */
function offloading({ packages, ruleset = '' }: DoctorInput): { by: string; isHardware: boolean } | undefined {
  const defaults = packages.firewall.find(({ type }) => type === 'defaults');
  const isOn = (option: string): boolean => parseBool(scalarOf(defaults, option) ?? '0') === true;
  const tables = [...ruleset.matchAll(/^\tflowtable (\S+) \{\n((?:\t\t.*\n)*)\t\}$/gm)];
  const by = isOn('flow_offloading') ? 'firewall option flow_offloading' : tables[0] ? `nft flowtable ${tables[0][1]}` : undefined;
  if (by === undefined) return undefined;
  return { by, isHardware: (isOn('flow_offloading') && isOn('flow_offloading_hw')) || tables.some(([, , body = '']) => /^\t\tflags offload\b/m.test(body)) };
}

const offload: Check = {
  name: 'offload',
  look: (input) => {
    const { config, links, packages, packageProblems } = input;
    if (packageProblems.length && packages.firewall.length === 0) return 'package_unreadable';
    const offloaded = offloading(input);
    if (!offloaded) return [];
    const { by, isHardware } = offloaded;
    const all = links.map(({ link }) => link);
    const spread = all.length
      ? groupsOf(config).filter((group) => mayBePacket(group, (family) => membersIn(group, all, family), packages.firewall).isPacket)
      : [];
    return [
      isHardware ? { code: 'offload_hardware', severity: 'warning', details: { by } } : { code: 'offload_software', severity: 'note', details: { by } },
      ...spread.map(({ name }): Finding => ({ code: 'offload_packets', severity: 'warning', section: `group.${name}` })),
    ];
  },
};

/** A router without a clock of its own starts at the date of its firmware or in 1970. */
const EARLIEST_MS = Date.UTC(2024, 0, 1);

const clock: Check = {
  name: 'clock',
  look: ({ wallMs }) =>
    wallMs < EARLIEST_MS ? [{ code: 'clock_unset', severity: 'warning', details: { date: new Date(wallMs).toISOString().slice(0, 10) } }] : [],
};

export const kernelChecks: readonly Check[] = [ip, options, hashPolicy, offload, clock];
