// `doctor`: looks at the router once, with four processes (ubus, ip, ip -6, nft) and files, and reports what it finds.
import { toDoctorReport } from '../contract/index.ts';
import type { DoctorReport } from '../contract/index.ts';
import { examine } from '../doctor/examine.ts';
import { parsePolicyRules } from '../doctor/rules.ts';
import type { DoctorInput, SeenLink, Silence } from '../doctor/input.ts';
import { readLastRun } from '../last-run.ts';
import { readDevice, readPackages, readSetting } from '../observe/files.ts';
import { KERNEL_QUERY, parseKernel, RULES6_QUERY } from '../observe/kernel.ts';
import { parseDump, stateOf } from '../observe/netifd.ts';
import { askIp, DUMP } from '../observe/observe.ts';
import { SYSCTL_FILE } from '../owned.ts';
import { interfaceOf } from '../plan/adopt.ts';
import { planLinks } from '../plan/members.ts';
import { readConfig } from '../reconcile.ts';
import { readRevision } from '../revision.ts';
import type { CommandResult, System } from '../system.ts';

/** Packages that multidial derives into, and its own. */
const PACKAGES = ['network', 'firewall', 'dhcp', 'multidial'];

const isThere = (system: System, program: string): boolean =>
  ['/usr/sbin', '/sbin', '/usr/bin'].some((folder) => system.stat(`${folder}/${program}`) !== undefined);

const silence = ({ exit, stderr, stdout }: CommandResult): Silence => {
  const [first = ''] = (stderr.trim() || stdout.trim()).split('\n');
  return { exit, reason: first.slice(0, 200) || 'nothing was said' };
};

export function askInterfaces(system: System): DoctorInput['interfaces'] {
  const answer = system.run(DUMP);
  return (answer.exit === 0 ? parseDump(answer.stdout) : undefined) ?? silence(answer);
}

/** The third line of ip's answer is that about rules, the only one about those of IPv6. Without nexthops ip's exit code is no verdict. */
export function askKernel(system: System): Pick<DoctorInput, 'kernel' | 'rules'> {
  const answer = askIp(system, KERNEL_QUERY);
  const kernel = parseKernel(answer.stdout);
  const isCut = answer.exit < 0 || (answer.exit === 0 && kernel?.nexthops === undefined);
  const ipv4 = parsePolicyRules(answer.stdout, 'ipv4', 2);
  const ipv6 = parsePolicyRules(askIp(system, RULES6_QUERY, '-6').stdout, 'ipv6', 0);
  return { kernel: kernel && !isCut ? kernel : silence(answer), rules: { ipv4, ipv6 } };
}

/** -t: without the elements of sets, of which there may be a hundred thousand. */
function askRuleset(system: System): string | undefined {
  const answer = system.run(['nft', '-t', 'list', 'ruleset']);
  return answer.exit === 0 ? answer.stdout : undefined;
}

function gather(system: System): DoctorInput {
  const { config: stored, problems: configProblems } = readConfig(system);
  const config = stored.broken ? { ...stored, enabled: false } : stored;
  const { packages, problems: packageProblems } = readPackages(system);
  const interfaces = askInterfaces(system);
  const hasNft = isThere(system, 'nft');
  const links = planLinks(config, packages.network).links.map((link): SeenLink => {
    const entry = 'reason' in interfaces ? undefined : interfaces.find(({ name }) => name === link.interface);
    return { link, section: interfaceOf(packages.network, link.interface), entry, state: stateOf(entry) };
  });
  return {
    config,
    configProblems,
    packageProblems,
    isDue: readLastRun(system)?.revision !== readRevision(system),
    packages,
    links,
    interfaces,
    ...askKernel(system),
    ruleset: hasNft ? askRuleset(system) : undefined,
    hasNft,
    hasMangle: (system.readFile('/proc/net/ip_tables_names') ?? '').split('\n').includes('mangle'),
    canEndConnections: system.stat('/proc/net/nf_conntrack') !== undefined || isThere(system, 'conntrack'),
    setting: (key) => readSetting(system, key),
    settingsFile: system.readFile(SYSCTL_FILE),
    device: (name) => readDevice(system, name),
    release: system.readFile('/proc/sys/kernel/osrelease')?.trim() ?? '?',
    install: isThere(system, 'apk') ? 'apk add' : 'opkg install',
    uncommitted: PACKAGES.filter((name) => (system.stat(`/tmp/.uci/${name}`)?.size ?? 0) > 0),
    wallMs: system.wallMs(),
  };
}

/** Changes nothing. What can't be asked is skipped, with the reason. */
export const readDoctor = (system: System): DoctorReport => toDoctorReport(examine(gather(system)));
