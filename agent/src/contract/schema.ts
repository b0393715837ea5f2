// The schema of /etc/config/multidial: each option's type, default, range and help, and the check that both sides run.
import type { ConfigSection, OptionValue, SectionType } from './config.ts';
import { toPrefix } from './prefix.ts';
import type { Problem, ProblemCode } from './problem.ts';

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
const SECTION = /^[A-Za-z0-9_]{1,32}$/;

const weight: OptionSpec = {
  kind: 'integer',
  min: 1,
  max: 255,
  label: 'Weight',
  help: 'Share of new flows against the other links: a link of weight 3 gets three times as many as one of weight 1.',
};

/** One table a section type; the keys are uci's option names. */
export const schema = {
  globals: {
    enabled: { kind: 'bool', default: true, label: 'Enabled', help: 'Off takes back everything multidial added; this configuration stays.' },
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
      choices: ['off', 'nat'],
      default: 'off',
      label: 'IPv6',
      help: 'For an interface of your own. nat: local IPv6 addresses may leave by it, masqueraded.',
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
  },
} as const satisfies Record<SectionType, Record<string, OptionSpec>>;

export const sectionTypes = Object.keys(schema) as SectionType[];

const boolWords: Record<string, boolean> = {
  '1': true,
  on: true,
  true: true,
  yes: true,
  enabled: true,
  '0': false,
  off: false,
  false: false,
  no: false,
  disabled: false,
};

/** uci's booleans, as netifd and the init scripts read them; undefined for any other word. */
export const parseBool = (text: string): boolean | undefined => (Object.hasOwn(boolWords, text.toLowerCase()) ? boolWords[text.toLowerCase()] : undefined);

/** Length in bytes of UTF-8, without TextEncoder, which QuickJS lacks. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

// A control character can't pass through uci batch and pppd's options unharmed; nobody's account has one.
// Bytes that are no UTF-8 are read as U+FFFD or half a surrogate pair, and would be written as something else.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u001f\u007f\ufffd\ud800-\udfff]/u;

type Fault = { code: ProblemCode; details: NonNullable<Problem['details']> };

const invalid = (expected: string, got: string): Fault => ({ code: 'option_invalid', details: { expected, got } });

/** Cut and made printable: a rejected value is shown, and it may be anything. */
export const shown = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?').slice(0, 64);

function checkText(spec: Extract<OptionSpec, { kind: 'text' }>, value: string): Fault | undefined {
  const got = spec.secret ? '***' : shown(value);
  if (CONTROL.test(value)) return invalid('UTF-8 without control characters', got);
  if (utf8Length(value) > spec.maxBytes) return invalid(`at most ${spec.maxBytes} bytes`, spec.secret ? '***' : `${utf8Length(value)} bytes`);
  if (spec.pattern && !spec.pattern.test(value)) return invalid(spec.shape ?? 'another form', got);
  return undefined;
}

/**
 * Checks one value against its spec. Returns undefined where it is good, else a code and details for a Problem.
 */
export function checkValue(spec: OptionSpec, value: OptionValue): Fault | undefined {
  if (spec.kind === 'list') {
    const items = typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : value;
    if (items.length > spec.maxItems) return invalid(`at most ${spec.maxItems} items`, `${items.length} items`);
    const bad = items.find((item) => !spec.isItem(item));
    return bad === undefined ? undefined : invalid(spec.shape, shown(bad));
  }
  if (typeof value !== 'string') return { code: 'option_repeated', details: { count: value.length } };
  switch (spec.kind) {
    case 'bool':
      return parseBool(value) === undefined ? invalid('0 or 1', shown(value)) : undefined;
    case 'choice':
      return spec.choices.includes(value) ? undefined : invalid(spec.choices.join(', '), shown(value));
    case 'integer': {
      const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : NaN;
      return number >= spec.min && number <= spec.max ? undefined : invalid(`a whole number from ${spec.min} to ${spec.max}`, shown(value));
    }
    case 'text':
      return checkText(spec, value);
    default:
      return spec satisfies never;
  }
}

const isKnownType = (type: string): type is SectionType => Object.hasOwn(schema, type);

/** The specs of a section type, by option. */
export const specsOf = (type: SectionType): Record<string, OptionSpec> => schema[type];

function checkName(section: ConfigSection): Problem | undefined {
  const at = `${section.type}.${shown(section.name)}`;
  const rule =
    section.type === 'line'
      ? {
          ok: /^[A-Za-z][A-Za-z0-9_]*$/.test(section.name) && section.name.length <= MAX_LINE_NAME,
          expected: `a letter, then letters, digits and _, at most ${MAX_LINE_NAME} characters`,
        }
      : { ok: SECTION.test(section.name), expected: 'letters, digits and _, at most 32 characters' };
  if (rule.ok) return undefined;
  return { code: 'section_name_invalid', severity: 'error', section: at, details: { expected: rule.expected, got: shown(section.name) } };
}

/**
 * All complaints about one section, errors before warnings. A required secret counts as given when `secrets` names it.
 * Unknown options are warnings: a newer version may know them.
 */
export function checkSection(section: ConfigSection): Problem[] {
  if (!isKnownType(section.type)) {
    return [{ code: 'section_unknown_type', severity: 'warning', section: `${shown(section.type)}.${shown(section.name)}` }];
  }
  const at = `${section.type}.${shown(section.name)}`;
  const specs = specsOf(section.type);
  const named = checkName(section);
  const errors: Problem[] = named ? [named] : [];
  const warnings: Problem[] = [];
  for (const [option, value] of Object.entries(section.options)) {
    const spec = Object.hasOwn(specs, option) ? specs[option] : undefined;
    if (!spec) {
      warnings.push({ code: 'option_unknown', severity: 'warning', section: at, option: shown(option) });
      continue;
    }
    const fault = value.length === 0 ? undefined : checkValue(spec, value);
    if (fault) errors.push({ code: fault.code, severity: 'error', section: at, option, details: fault.details });
  }
  for (const [option, spec] of Object.entries(specs)) {
    if (!spec.required || (spec.required !== true && (section.options[spec.required] ?? '').length > 0)) continue;
    if ((section.options[option] ?? '').length > 0 || section.secrets?.includes(option)) continue;
    errors.push({ code: 'option_missing', severity: 'error', section: at, option });
  }
  return [...errors, ...warnings];
}
