// /etc/config/multidial as typed configuration: bad sections are reported by name and left out, the rest goes on.
import { checkSection, parseBool, specsOf, schema, shown, toAddress, toPrefix } from '../contract/index.ts';
import type { ConfigSection, OptionValue, Problem, SectionType } from '../contract/index.ts';
import { MAX_SLOT } from '../owned.ts';
import { isFault, itemsOf, parsePackage } from '../uci/package.ts';
import type { UciSection } from '../uci/package.ts';
import type { Config, Group, Ipv6Mode, Line, LinkSetting, Pin, Probe } from './config.ts';

export type * from './config.ts';

export type ParsedConfig = { config: Config; sections: ConfigSection[]; problems: Problem[] };

const emptyConfig = (broken: boolean): Config => ({
  enabled: true,
  watch: true,
  keepsHistory: false,
  lines: [],
  links: [],
  groups: [],
  pins: [],
  probes: [],
  frozen: [],
  broken,
});

const asNumber = (text: string | undefined): number | undefined => (text === undefined || text === '' ? undefined : Number(text));
const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** Reads one option of a checked section as text, its default where absent. */
function textOf(section: ConfigSection, option: string): string | undefined {
  const value = section.options[option];
  if (typeof value === 'string' && value !== '') return value;
  const spec = specsOf(section.type)[option];
  return spec && 'default' in spec && spec.default !== undefined && typeof spec.default !== 'object' ? String(spec.default) : undefined;
}

const flagOf = (section: ConfigSection, option: string): boolean => parseBool(textOf(section, option) ?? '0') ?? false;

function toLine(section: ConfigSection): Line {
  const text = (option: string): string | undefined => textOf(section, option);
  return {
    name: section.name,
    device: text('device') ?? '',
    sessions: asNumber(text('sessions')) ?? 1,
    username: text('username') ?? '',
    password: text('password') ?? '',
    ac: text('ac'),
    service: text('service'),
    hostUniq: text('host_uniq'),
    mtu: asNumber(text('mtu')),
    keepalive: text('keepalive'),
    weight: asNumber(text('weight')) ?? 1,
    ipv6: (text('ipv6') ?? 'off') as Ipv6Mode,
    adopt: text('adopt'),
    minUp: asNumber(text('min_up')) ?? 0,
    rotateH: asNumber(text('rotate')) ?? 0,
    rotateWindow: text('rotate_window'),
    disabled: flagOf(section, 'disabled'),
  };
}

function toLink(section: ConfigSection): LinkSetting {
  return {
    name: section.name,
    interface: filled(textOf(section, 'interface')),
    username: filled(textOf(section, 'username')),
    password: filled(textOf(section, 'password')),
    weight: asNumber(textOf(section, 'weight')),
    ipv6: (textOf(section, 'ipv6') ?? 'off') as Ipv6Mode,
    disabled: flagOf(section, 'disabled'),
  };
}

/** Also of a faulty section what is good in it: were it left out whole, the group of all links would step in. */
function toGroup(section: ConfigSection): Group {
  const dest = itemsOf(section.options['dest']);
  return {
    name: shown(section.name),
    links: itemsOf(section.options['link']).map(shown),
    dest: [...new Set(dest.length ? dest.flatMap((item) => toPrefix(item) ?? []) : schema.group.dest.default)],
    hash: textOf(section, 'hash') === 'l3' ? 'l3' : 'l4',
    mode: textOf(section, 'mode') === 'packet' ? 'packet' : 'flow',
    spread: textOf(section, 'spread') === 'random' ? 'random' : 'nth',
    sticky: choiceOf<Group['sticky']>(textOf(section, 'sticky'), ['client', 'site'], 'off'),
    isLastResort: textOf(section, 'last_resort') === 'unreachable',
  };
}

/** A faulty group is read as far as it is good. */
const choiceOf = <T extends string>(text: string | undefined, choices: readonly T[], otherwise: T): T => choices.find((choice) => choice === text) ?? otherwise;

const wholePrefix = (item: string): string[] => {
  const prefix = toPrefix(item) ?? toPrefix(`${item}/${item.includes(':') ? 128 : 32}`);
  return prefix === undefined ? [] : [prefix];
};

function toPin(section: ConfigSection): Pin {
  const list = (option: string): string[] => [...new Set(itemsOf(section.options[option]))];
  return {
    name: section.name,
    use: textOf(section, 'use') ?? '',
    strict: flagOf(section, 'strict'),
    src: list('src').flatMap(wholePrefix),
    dest: list('dest').flatMap(wholePrefix),
    names: [...new Set(list('name').map((name) => name.toLowerCase()))],
    proto: list('proto'),
    srcPort: list('src_port'),
    destPort: list('dest_port'),
    in: list('in'),
    mac: list('mac').map((mac) => mac.toLowerCase()),
  };
}

export function toProbe(section: ConfigSection): Probe {
  const number = (option: string): number => asNumber(textOf(section, option)) ?? 0;
  const kind = choiceOf<'ping' | 'dns' | 'http'>(textOf(section, 'kind'), ['dns', 'http'], 'ping');
  const addresses = itemsOf(section.options['target']).flatMap((item) => toAddress(item) ?? []);
  const targets = kind === 'http' ? itemsOf(section.options['url']) : addresses.length ? addresses : schema.probe.target.default;
  return {
    name: section.name,
    links: itemsOf(section.options['link']),
    kind,
    targets: [...new Set(targets)],
    question: textOf(section, 'name') ?? 'example.com',
    intervalS: asNumber(textOf(section, 'interval')) ?? (kind === 'ping' ? 1 : 5),
    misses: number('misses'),
    backS: number('back'),
    vetoPackets: number('veto'),
    disabled: flagOf(section, 'disabled'),
  };
}

const addTo = (config: Config, section: ConfigSection): void => {
  switch (section.type) {
    case 'globals':
      config.enabled = flagOf(section, 'enabled');
      config.watch = flagOf(section, 'watch');
      config.keepsHistory = flagOf(section, 'keep_history');
      return;
    case 'line':
      config.lines.push(toLine(section));
      return;
    case 'link':
      config.links.push(toLink(section));
      return;
    case 'group':
      config.groups.push(toGroup(section));
      return;
    case 'pin':
      if (!flagOf(section, 'disabled')) config.pins.push(toPin(section));
      return;
    case 'probe':
      config.probes.push(toProbe(section));
      return;
    default:
      section.type satisfies never;
  }
};

function toSection(section: UciSection, name: string): ConfigSection {
  const options: Record<string, OptionValue> = Object.fromEntries(section.options);
  return { type: section.type as SectionType, name, options };
}

/** Sections as they stand in the file; unnamed ones are reported, except that one `config globals` needs no name. */
function namedSections(pack: UciSection[], problems: Problem[]): ConfigSection[] {
  return pack.flatMap((section) => {
    const name = section.name ?? (section.type === 'globals' ? 'globals' : undefined);
    if (name !== undefined) return [toSection(section, name)];
    problems.push({ code: 'section_unnamed', severity: 'error', details: { type: section.type.slice(0, 32) } });
    return [];
  });
}

/** Checks sections and turns the good ones into a Config. Used for the stored file and for a candidate alike. */
export function toConfig(sections: readonly ConfigSection[]): { config: Config; problems: Problem[] } {
  const config = emptyConfig(false);
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const misread: string[] = [];
  for (const section of sections) {
    if (seen.has(section.name)) {
      problems.push({ code: 'section_duplicate', severity: 'error', section: `${shown(section.type)}.${shown(section.name)}` });
      continue;
    }
    seen.add(section.name);
    const found = checkSection(section);
    problems.push(...found);
    const isUnknown = found.some((problem) => problem.code === 'section_unknown_type');
    const bad = isUnknown || found.some((problem) => problem.severity === 'error');
    if ((section.type === 'link' ? config.links : section.type === 'group' ? config.groups : []).length >= MAX_SLOT) {
      if (!problems.some((problem) => problem.code === 'slots_exhausted'))
        problems.push({ code: 'slots_exhausted', severity: 'error', section: `${section.type}.${shown(section.name)}`, details: { max: MAX_SLOT } });
    } else if (!bad || section.type === 'group') addTo(config, section);
    // An unknown type may be a misspelt line.
    else if (section.type === 'line' || isUnknown) config.frozen.push(section.name);
    else if (section.type === 'link' && ('username' in section.options || 'password' in section.options)) misread.push(section.name);
  }
  // Without its own account a session would be dialed with the line's: its line stays as it is.
  const isConcerned = ({ name }: Line): boolean => misread.some((link) => link.replace(/_\d+$/, '') === name);
  config.frozen.push(...config.lines.filter(isConcerned).map(({ name }) => name));
  config.lines = config.lines.filter((line) => !isConcerned(line));
  return { config, problems };
}

const unreadable = (problem: Problem): ParsedConfig => ({ config: emptyConfig(true), sections: [], problems: [problem] });

/**
 * Parses the text of /etc/config/multidial; undefined means that there is no such file. An empty one is what a commit
 * leaves on a full flash: a package without sections is written as a blank line.
 */
export function parseConfig(text: string | undefined | Problem): ParsedConfig {
  if (text === undefined) return unreadable({ code: 'config_missing', severity: 'error' });
  if (typeof text === 'object') return unreadable(text);
  const pack = text === '' ? { line: 1, reason: 'it is empty' } : parsePackage(text);
  if (isFault(pack)) return unreadable({ code: 'config_unreadable', severity: 'error', details: { line: pack.line, reason: pack.reason } });
  const problems: Problem[] = [];
  const sections = namedSections(pack, problems);
  const read = toConfig(sections);
  return { config: read.config, sections, problems: [...problems, ...read.problems] };
}
