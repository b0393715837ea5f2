// The schema of /etc/config/multidial: each option's type, default, range and help.
import type { SectionType } from './config.ts';
import { DEVICE, MAX_SESSIONS, SECTION, weight } from './options.ts';
import type { OptionSpec } from './options.ts';
import { groupOptions, pinOptions, probeOptions } from './schema-traffic.ts';

export { MAX_LINE_NAME, MAX_SESSIONS, SECTION } from './options.ts';
export type { OptionSpec } from './options.ts';

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
    keep_history: {
      kind: 'bool',
      default: false,
      label: 'Keep history',
      help: 'Rates, loss and latency outlast a reboot: saved on flash (36 kB a link) once a day and when the router is shut down.',
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
      help: 'Hang up after so many unanswered LCP echoes, one every so many seconds, as in 5 1.',
    },
    weight: { ...weight, default: 1 },
    ipv6: {
      kind: 'choice',
      choices: ['off', 'nat', 'native'],
      default: 'off',
      label: 'IPv6',
      help: 'nat: clients use local addresses and share all links. native: each client prefix leaves by its own link, nothing is shared.',
    },
    min_up: {
      kind: 'integer',
      min: 0,
      max: MAX_SESSIONS,
      default: 0,
      label: 'Redial all below',
      help: 'With fewer sessions than this up for two minutes all of them are dialed anew at once, as some providers want it. 0: never.',
    },
    rotate: {
      kind: 'integer',
      min: 0,
      max: 720,
      default: 0,
      label: 'Renew after',
      help: 'Hours after which a session is drained and dialed anew, one at a time, before the provider cuts it. 0: never.',
    },
    rotate_window: {
      kind: 'text',
      maxBytes: 11,
      pattern: /^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/,
      shape: 'a time of day such as 03:00-05:30',
      label: 'Renew within',
      help: 'The hours of the day in which that may happen, as in 03:00-05:30. Empty: any.',
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
  group: groupOptions,
  pin: pinOptions,
  probe: probeOptions,
} as const satisfies Record<SectionType, Record<string, OptionSpec>>;

export const sectionTypes = Object.keys(schema) as SectionType[];
