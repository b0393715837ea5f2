// The schema of sections that say where traffic goes and how links are asked: group, pin, probe.
import { SECTION, addresses, members, ports } from './options.ts';
import type { OptionSpec } from './options.ts';
import { toAddress, toPrefix } from './prefix.ts';

type Options = Record<string, OptionSpec>;

export const groupOptions = {
  link: {
    ...members,
    label: 'Links',
    help: 'Links or whole lines that share the traffic. Empty: all of them.',
  },
  dest: {
    kind: 'list',
    isItem: (item) => toPrefix(item) !== undefined,
    shape: 'a prefix such as 0.0.0.0/0 or ::/0',
    maxItems: 32,
    default: ['0.0.0.0/0', '::/0'],
    label: 'Destinations',
    help: 'Prefixes whose traffic is shared.',
  },
  hash: {
    kind: 'choice',
    choices: ['l3', 'l4'],
    default: 'l4',
    label: 'Share by',
    help: 'l4: each connection may take another link. l3: all connections between two hosts take the same link.',
  },
  mode: {
    kind: 'choice',
    choices: ['flow', 'packet'],
    default: 'flow',
    label: 'Mode',
    help: 'flow: a connection keeps its link. packet: each packet may take another one; only for links without NAT, such as tunnels to one far end.',
  },
  spread: {
    kind: 'choice',
    choices: ['nth', 'random'],
    default: 'nth',
    label: 'Spread packets',
    help: 'For mode packet. nth: in turn, exactly by weight. random: by chance, by weight.',
  },
  sticky: {
    kind: 'choice',
    choices: ['off', 'client', 'site'],
    default: 'off',
    label: 'Sticky',
    help: 'client: all that a LAN client opens takes the same link while that lives. site: the same for each client and address at the far end.',
  },
  last_resort: {
    kind: 'choice',
    choices: ['system', 'unreachable'],
    default: 'system',
    label: 'When no link lives',
    help: 'system: traffic takes whatever else the router has, its last links first. unreachable: it is refused at once.',
  },
} as const satisfies Options;

export const pinOptions = {
  use: {
    kind: 'text',
    maxBytes: 32,
    pattern: SECTION,
    shape: 'a link, a group, or none',
    required: true,
    label: 'Use',
    help: 'The link or group that this traffic takes. none: it is never balanced and takes the router’s own default.',
  },
  strict: { kind: 'bool', default: false, label: 'Strict', help: 'Never by another link: while this one is down the traffic is refused.' },
  src: { ...addresses, label: 'Source', help: 'Addresses or prefixes of the LAN. Empty: any.' },
  dest: { ...addresses, label: 'Destination', help: 'Addresses or prefixes. Empty: any.' },
  name: {
    kind: 'list',
    isItem: (item) => item.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i.test(item),
    shape: 'a domain name such as example.org',
    maxItems: 32,
    label: 'Site',
    help: 'Domain names, each with all below it. For clients that ask this router for names; takes dnsmasq-full.',
  },
  proto: {
    kind: 'list',
    isItem: (item) => /^(?:tcp|udp|icmp|[1-9][0-9]{0,2})$/.test(item) && !(Number(item) > 255),
    shape: 'tcp, udp, icmp or a protocol number',
    maxItems: 8,
    label: 'Protocol',
    help: 'Empty: any; with ports, tcp and udp.',
  },
  src_port: { ...ports, label: 'Source ports', help: 'Ports such as 5060 or ranges such as 8000-8099.' },
  dest_port: { ...ports, label: 'Ports', help: 'Ports such as 443 or ranges such as 8000-8099.' },
  in: {
    kind: 'list',
    isItem: (item) => SECTION.test(item),
    shape: 'the name of a network interface',
    maxItems: 16,
    label: 'From',
    help: 'Network interfaces of the LAN side, as in lan or guest. Empty: any, and the router itself.',
  },
  mac: {
    kind: 'list',
    isItem: (item) => /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(item),
    shape: 'a MAC address such as 02:00:00:00:00:01',
    maxItems: 64,
    label: 'Device',
    help: 'MAC addresses of LAN devices.',
  },
  disabled: { kind: 'bool', default: false, label: 'Disabled', help: 'Leave this pin out.' },
} as const satisfies Options;

export const probeOptions = {
  link: {
    ...members,
    label: 'Links',
    help: 'Links or whole lines that are asked this way. Empty: all that no other probe names.',
  },
  kind: {
    kind: 'choice',
    choices: ['ping', 'dns', 'http'],
    default: 'ping',
    label: 'Kind',
    help: 'ping: one program goes on for each target. dns: a question to each target. http: a request to each page. The latter two start a program each time, and take nft.',
  },
  target: {
    kind: 'list',
    isItem: (item) => toAddress(item) !== undefined,
    shape: 'an address',
    maxItems: 8,
    default: ['223.5.5.5', '1.1.1.1', '8.8.8.8'],
    label: 'Targets',
    help: 'Addresses that are asked by each link. It is dead when none of them answers; for IPv6 only where there are addresses of IPv6, and by ping alone.',
  },
  name: {
    kind: 'text',
    maxBytes: 253,
    pattern: /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/,
    shape: 'a domain name such as example.org',
    label: 'Name',
    help: 'For kind dns: what is asked for. Empty: example.com.',
  },
  url: {
    kind: 'list',
    isItem: (item) => /^https?:\/\/[\x21-\x7e]{1,200}$/.test(item),
    shape: 'an address such as http://example.org/',
    maxItems: 8,
    label: 'Pages',
    help: 'For kind http. Any answer counts, also “not found”.',
  },
  interval: { kind: 'integer', min: 1, max: 60, label: 'Interval', help: 'Seconds between two questions to one target. Empty: 1 for ping, else 5.' },
  misses: { kind: 'integer', min: 1, max: 20, default: 2, label: 'Misses', help: 'Rounds in a row that all targets miss before the link is dead.' },
  back: { kind: 'integer', min: 1, max: 600, default: 5, label: 'Back after', help: 'Seconds without a break that it must answer before it is used again.' },
  veto: {
    kind: 'integer',
    min: 0,
    max: 10000,
    default: 0,
    label: 'Alive while busy',
    help: 'With so many packets coming in each second the link is not dead, whatever the targets say. 0: the targets decide alone.',
  },
  disabled: { kind: 'bool', default: false, label: 'Disabled', help: 'Do not ask these links: they are alive while netifd has them up.' },
} as const satisfies Options;
