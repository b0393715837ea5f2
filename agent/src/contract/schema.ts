// The schema of /etc/config/multidial: each option's type, default, range and help.
import type { SectionType } from './config.ts';
import { toAddress, toPrefix } from './prefix.ts';

type Common = {
  label: string;
  help: string;
  /** Must be given; a name: unless that option is. */
  required?: true | 'adopt';
  /** Write-only: never in a reply, a log or an argv. */
  secret?: true;
};

/** What one option may hold. `default` is what an absent option means. */
export type OptionSpec = Common &
  (
    | { kind: 'bool'; default: boolean }
    | { kind: 'integer'; min: number; max: number; default?: number }
    | { kind: 'choice'; choices: readonly string[]; default: string }
    | { kind: 'text'; maxBytes: number; pattern?: RegExp; shape?: string }
    | { kind: 'list'; isItem: (item: string) => boolean; shape: string; maxItems: number; default?: readonly string[] }
  );

/** Most sessions of one line. A nexthop group and 32 links are measured; 64 is where names and slots end. */
export const MAX_SESSIONS = 64;

/**
 * Most characters of a line's name: netifd names the ppp device `pppoe-NAME`, the kernel takes 15 bytes,
 * and a link is NAME plus `_01`.
 */
export const MAX_LINE_NAME = 6;

const DEVICE = /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}$/;
export const SECTION = /^[A-Za-z0-9_]{1,32}$/;

const weight: OptionSpec = {
  kind: 'integer',
  min: 1,
  max: 255,
  label: 'Weight',
  help: 'Share of new flows against the other links: a link of weight 3 gets three times as many as one of weight 1.',
};

/** Ports and ranges: what nft takes in a set. */
function isPorts(item: string): boolean {
  const [from = 0, to = from, ...more] = item.split('-').map((part) => (/^[0-9]{1,5}$/.test(part) ? Number(part) : 0));
  return more.length === 0 && from >= 1 && from <= to && to <= 65535;
}

const ports = { kind: 'list', isItem: isPorts, shape: 'ports from 1 to 65535, or ranges such as 8000-8099', maxItems: 32 } as const;

const addresses = {
  kind: 'list',
  isItem: (item: string) => toPrefix(item) !== undefined || toAddress(item) !== undefined,
  shape: 'an address or a prefix',
  maxItems: 64,
} as const;

/** One table a section type; the keys are uci's option names. */
export const schema = {
  globals: {
    enabled: { kind: 'bool', default: true, label: 'Enabled', help: 'Off takes back everything multidial added; this configuration stays.' },
    watch: {
      kind: 'bool',
      default: true,
      label: 'Watch',
      help: 'A small program stays and asks whether each link is alive. Off: links come and go as netifd says, and nothing is recorded.',
    },
  },
  line: {
    device: {
      kind: 'text',
      maxBytes: 15,
      pattern: DEVICE,
      shape: 'a network device such as wan or eth0.2',
      required: true,
      label: 'Port',
      help: 'The port or VLAN that is dialed.',
    },
    sessions: { kind: 'integer', min: 1, max: MAX_SESSIONS, default: 1, label: 'Sessions', help: 'How many times this line is dialed at once.' },
    username: { kind: 'text', maxBytes: 255, required: 'adopt', label: 'Account', help: 'User name the provider gave you.' },
    password: { kind: 'text', maxBytes: 255, required: 'adopt', secret: true, label: 'Password', help: 'Stored on the router, never shown again.' },
    adopt: {
      kind: 'text',
      maxBytes: 15,
      pattern: SECTION,
      shape: 'the name of a network interface',
      label: 'Adopt',
      help: 'A PPPoE interface that exists already becomes the first link, and lends its account where none is given here. Given back as it was.',
    },
    ac: { kind: 'text', maxBytes: 64, label: 'Access concentrator', help: 'Only answer this one. Leave empty to take any.' },
    service: { kind: 'text', maxBytes: 64, label: 'Service name', help: 'Leave empty unless the provider asks for it.' },
    host_uniq: {
      kind: 'text',
      maxBytes: 64,
      pattern: /^(?:[0-9a-fA-F]{2})+$/,
      shape: 'an even number of hexadecimal digits',
      label: 'Host-Uniq',
      help: 'Hexadecimal tag that some access concentrators insist on.',
    },
    mtu: { kind: 'integer', min: 576, max: 9000, label: 'MTU', help: 'Leave empty for 1492.' },
    keepalive: {
      kind: 'text',
      maxBytes: 11,
      pattern: /^[0-9]{1,3}(?:[ ,][0-9]{1,4})?$/,
      shape: 'FAILURES or FAILURES INTERVAL, as in 5 1',
      label: 'Keepalive',
      help: 'Hang up after so many unanswered LCP echoes, one every so many seconds.',
    },
    weight: { ...weight, default: 1 },
    ipv6: {
      kind: 'choice',
      choices: ['off', 'nat', 'native'],
      default: 'off',
      label: 'IPv6',
      help: 'nat: clients use local addresses and share all links. native: each client prefix leaves by its own link, nothing is shared.',
    },
    disabled: { kind: 'bool', default: false, label: 'Disabled', help: 'Take the links of this line back, keep its settings.' },
  },
  link: {
    interface: {
      kind: 'text',
      maxBytes: 15,
      pattern: SECTION,
      shape: 'the name of a network interface',
      label: 'Interface',
      help: 'A network interface of your own that takes part. Empty: the dialed session of this name.',
    },
    username: { kind: 'text', maxBytes: 255, label: 'Account', help: 'An account of this session alone. Empty: the line’s.' },
    password: { kind: 'text', maxBytes: 255, secret: true, label: 'Password', help: 'Its password. Empty: the line’s.' },
    weight,
    ipv6: {
      kind: 'choice',
      choices: ['off', 'nat', 'native'],
      default: 'off',
      label: 'IPv6',
      help: 'For an interface of your own. nat: local IPv6 addresses may leave by it, masqueraded. native: as they are, as in a tunnel.',
    },
    disabled: { kind: 'bool', default: false, label: 'Disabled', help: 'Leave this one link out.' },
  },
  group: {
    link: {
      kind: 'list',
      isItem: (item) => SECTION.test(item),
      shape: 'the name of a link or a line',
      maxItems: 191,
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
  },
  pin: {
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
  },
  probe: {
    link: {
      kind: 'list',
      isItem: (item) => SECTION.test(item),
      shape: 'the name of a link or a line',
      maxItems: 191,
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
  },
} as const satisfies Record<SectionType, Record<string, OptionSpec>>;

export const sectionTypes = Object.keys(schema) as SectionType[];
