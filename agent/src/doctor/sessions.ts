// Checks of sessions: why one is not up, and what the provider gave to those that are.
import { holds, parseBool, toAddress } from '../contract/index.ts';
import type { Finding, FindingCode, FindingSeverity } from '../contract/index.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { itemsOf, scalarOf } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';
import { dialedLinks, isSilent } from './input.ts';
import type { Check, SeenLink } from './input.ts';

/** netifd's error codes that say more than "it failed". */
const MEANINGS = new Map<string, FindingCode>([
  ['AUTH_TOPEER_FAILED', 'account_refused'],
  ['HANGUP', 'session_refused'],
  ['CONNECT_FAILED', 'dial_unanswered'],
]);
/** Somebody took it down, and it is dialed anew. */
const HARMLESS = 'USER_REQUEST';

function dialFinding({ link, entry, state }: SeenLink): Finding[] {
  const told = (code: FindingCode, severity: FindingSeverity): Finding[] => [
    { code, severity, link: link.name, details: { interface: link.interface, ...(entry?.reason ? { reason: entry.reason.code } : {}) } },
  ];
  switch (state) {
    case 'up':
      return [];
    case 'absent':
      return told('link_absent', 'error');
    case 'down':
      return told('link_stopped', 'warning');
    case 'failed':
      return told(MEANINGS.get(entry?.reason?.code ?? '') ?? 'dial_failed', 'error');
    case 'dialing': {
      const code = entry?.reason?.code;
      return code === undefined || code === HARMLESS ? [] : told(MEANINGS.get(code) ?? 'dial_failed', 'warning');
    }
    default:
      return state satisfies never;
  }
}

const dialing: Check = {
  name: 'dialing',
  look: ({ interfaces, links }) => {
    if (links.length === 0) return 'no_links';
    return isSilent(interfaces) ? 'netifd_silent' : links.flatMap(dialFinding);
  },
};

const NOT_PUBLIC = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];
const LOCAL = [...NOT_PUBLIC, '127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fc00::/7', 'fe80::/10'];
const isIn = (prefixes: readonly string[], address: string): boolean => prefixes.some((prefix) => holds(prefix, address));

const isLive = ({ entry }: SeenLink): boolean => entry?.up === true;

/** An address behind the provider's NAT says nothing by itself; beside public ones of the same line it does. */
const addresses: Check = {
  name: 'addresses',
  look: ({ interfaces, links }) => {
    if (isSilent(interfaces)) return 'netifd_silent';
    const live = dialedLinks(links).filter(isLive);
    if (live.length === 0) return 'no_live_links';
    const isPublic = (seen: SeenLink): boolean => (seen.entry?.ipv4 ?? []).some((address) => !isIn(LOCAL, address));
    return live.flatMap((seen): Finding[] => {
      const { link, entry } = seen;
      const address = entry?.ipv4.find((other) => isIn(NOT_PUBLIC, other));
      const hasPublicSibling = live.some((other) => other.link.line === link.line && isPublic(other));
      if (address === undefined || isPublic(seen) || !hasPublicSibling) return [];
      return [{ code: 'address_restricted', severity: 'warning', link: link.name, details: { address, interface: link.interface } }];
    });
  },
};

/** PPPoE's own 8 bytes in a frame of 1500; and what IPv6 needs. */
const FULL_MTU = 1492;
const LEAST_MTU = 1280;

const mtu: Check = {
  name: 'mtu',
  look: ({ interfaces, links, device }) => {
    if (isSilent(interfaces)) return 'netifd_silent';
    const live = dialedLinks(links).filter(isLive);
    if (live.length === 0) return 'no_live_links';
    return live.flatMap(({ link, entry }): Finding[] => {
      const bytes = device(entry?.l3Device ?? '')?.mtu;
      if (bytes === undefined || bytes >= FULL_MTU) return [];
      return [{ code: 'mtu_low', severity: bytes < LEAST_MTU ? 'warning' : 'note', link: link.name, details: { mtu: bytes } }];
    });
  },
};

/** All resolvers that netifd knows by interfaces that are up; those of a link's IPv6 stand in an interface of its own. */
const resolversOf = (interfaces: readonly NetifdInterface[]): string[] => [
  ...new Set(interfaces.flatMap(({ up, dns }) => (up ? dns.flatMap((item) => toAddress(item) ?? []) : []))),
];

/** Where dnsmasq answers by servers of its own, or somebody else answers, the links' resolvers do not matter. */
function hasOtherSource(dhcp: UciPackage): boolean {
  return dhcp.some((section) => {
    if (section.type !== 'dnsmasq') return false;
    const file = scalarOf(section, 'resolvfile');
    return (
      parseBool(scalarOf(section, 'noresolv') ?? '0') === true ||
      (file !== undefined && !file.endsWith('/resolv.conf.auto')) ||
      (scalarOf(section, 'port') ?? '53') !== '53' ||
      // A server of a form /DOMAIN/ADDRESS is for that domain alone.
      itemsOf(section.options.get('server')).some((server) => !server.startsWith('/'))
    );
  });
}

const resolvers: Check = {
  name: 'resolvers',
  look: ({ interfaces, links, packages }) => {
    if (isSilent(interfaces)) return 'netifd_silent';
    if (!links.some(isLive)) return 'no_live_links';
    if (hasOtherSource(packages.dhcp)) return [];
    const all = resolversOf(interfaces);
    const [first] = all;
    if (first === undefined) return [{ code: 'resolvers_missing', severity: 'error' }];
    return all.every((address) => isIn(LOCAL, address)) ? [{ code: 'resolvers_private', severity: 'note', details: { resolvers: all, first } }] : [];
  },
};

export const sessionChecks: readonly Check[] = [dialing, addresses, mtu, resolvers];
