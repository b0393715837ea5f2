// `why`: which link a connection takes, and what decides it, step by step as packets meet it; the kernel has the last word.
import { holds, toAddress, toReason } from '../contract/index.ts';
import type { Family, Problem, Question, Reason, Why } from '../contract/index.ts';
import type { Pin } from '../config/parse.ts';
import { MAIN } from '../observe/kernel.ts';
import { observe } from '../observe/observe.ts';
import { FIRST_TARGET_MARK, HEX_MASK, hexMark, NEVER_MARK, NFT_TABLE, tableOf } from '../owned.ts';
import { sourcesOf } from '../plan/matches.ts';
import { setName } from '../plan/names.ts';
import { planRun } from '../plan/run.ts';
import type { RunPlan } from '../plan/run.ts';
import type { Spread } from '../plan/ruleset.ts';
import { isSpecial, stickyMark } from '../plan/ruleset.ts';
import { askSystem, readConfig } from '../reconcile.ts';
import type { System } from '../system.ts';

const PROTOCOLS: Readonly<Record<Family, Record<string, string>>> = { ipv4: { tcp: '6', udp: '17', icmp: '1' }, ipv6: { tcp: '6', udp: '17', icmp: '58' } };
const numberOfProtocol = (name: string, family: Family): string => PROTOCOLS[family][name] ?? name;

/** Where the connection comes from: the device, a MAC where there is one, or the router itself. */
type Origin = { device: string | undefined; mac: string | undefined; isRouter: boolean };

/** ip's exit code where the kernel says no. */
const KERNEL_REFUSES = 2;

type Json = Record<string, unknown>;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Asks ip; one before 5.3 refuses -N, with 255. What the kernel refuses has exit code 2, an answer without JSON none of its own. */
function askIp(system: System, ...words: string[]): { exit: number; found: Json | undefined } {
  const argv = (numeric: boolean): string[] => ['ip', ...(numeric ? ['-N'] : []), '-j', ...words];
  const first = system.run(argv(true));
  const { exit, stdout } = first.exit === 255 ? system.run(argv(false)) : first;
  try {
    return { exit, found: exit === 0 ? (JSON.parse(stdout) as Json[])[0] : undefined };
  } catch {
    return { exit, found: undefined }; // an old ip prints this as words
  }
}

const TABLES: Readonly<Record<string, number>> = { default: 253, main: MAIN, local: 255 };
const tableIn = (route: Json): number => TABLES[`${route['table'] ?? 'main'}`] ?? Number(route['table']);

function originOf(system: System, src: string): Origin {
  const { found: route } = askIp(system, 'route', 'get', src);
  // RTN_LOCAL; the table is no sign, for the kernel keeps one for local and main until there are rules.
  const isRouter = route?.['type'] === '2' || route?.['type'] === 'local';
  const device = isRouter ? undefined : textOf(route?.['dev']);
  const mac = device === undefined ? undefined : textOf(askIp(system, 'neigh', 'show', src, 'dev', device).found?.['lladdr']);
  return { device, mac, isRouter };
}

const isPortIn = (items: readonly string[], port: number | undefined): boolean =>
  items.length === 0 ||
  items.some((item) => {
    const [from = '', to = from] = item.split('-');
    return port !== undefined && port >= Number(from) && port <= Number(to);
  });

function matches(pin: Pin, question: Question, family: Family, origin: Origin, run: RunPlan, isNamed: (pin: Pin) => boolean): boolean {
  const devices = pin.in.flatMap((name) => run.devicesOf(name) ?? []);
  const hasPorts = pin.srcPort.length + pin.destPort.length > 0;
  const protocols = (pin.proto.length || !hasPorts ? pin.proto : ['tcp', 'udp']).map((name) => numberOfProtocol(name, family));
  const sources = sourcesOf(pin, family);
  const ofFamily = pin.dest.filter((prefix) => prefix.includes(':') === (family === 'ipv6'));
  return (
    sources !== undefined &&
    (sources.length === 0 || sources.some((prefix) => holds(prefix, question.src))) &&
    (pin.names.length === 0 || isNamed(pin)) &&
    (pin.dest.length === 0 || ofFamily.some((prefix) => holds(prefix, question.dst))) &&
    (protocols.length === 0 || (question.proto !== undefined && protocols.includes(numberOfProtocol(question.proto, family)))) &&
    isPortIn(pin.srcPort, question.sport) &&
    isPortIn(pin.destPort, question.dport) &&
    (pin.in.length === 0 || (origin.device !== undefined && devices.includes(origin.device))) &&
    (pin.mac.length === 0 || (origin.mac !== undefined && pin.mac.includes(origin.mac)))
  );
}

const lengthOf = (prefix: string): number => Number(prefix.split('/')[1]);

/** The group whose prefix holds the destination best. */
const groupFor = (run: RunPlan, dst: string): Spread | undefined =>
  run.spreads
    .flatMap((spread) => spread.prefixes.filter((prefix) => holds(prefix, dst)).map((prefix) => ({ spread, length: lengthOf(prefix) })))
    .toSorted((a, b) => b.length - a.length)[0]?.spread;

type Choice = Pick<Why, 'by' | 'pin' | 'group' | 'mark' | 'reasons'>;

/** The mark that a group's own chain gives; told in `reasons`. */
function markIn(spread: Spread, question: Question, family: Family, reasons: Reason[]): number {
  const { group, mark, legs } = spread;
  if (!isSpecial(spread)) return mark;
  if (legs[family].length === 0) {
    reasons.push(toReason('group_without', { group: group.name }));
    return 0;
  }
  if (spread.isPacket) {
    const links = legs[family].map((leg) => `${leg.link}:${leg.weight}`).join(' ');
    reasons.push(toReason(group.spread === 'nth' ? 'group_in_turn' : 'group_by_chance', { group: group.name, links }));
    return legs[family][0]?.slot ?? 0;
  }
  reasons.push(toReason(group.sticky === 'site' ? 'sticky_site' : 'sticky_client', { group: group.name }));
  return stickyMark(spread, question.src, question.dst) ?? 0;
}

/** Why a sticky group leaves a connection to the routes. */
function exemptionOf(spread: Spread, question: Question, family: Family, origin: Origin): Reason | undefined {
  if (spread.isPacket || spread.group.sticky === 'off') return undefined;
  if (origin.isRouter) return toReason('sticky_router', { group: spread.group.name });
  return family === 'ipv6' && !holds('fc00::/7', question.src) ? toReason('sticky_given') : undefined;
}

function choiceOf(run: RunPlan, question: Question, family: Family, origin: Origin, isNamed: (pin: Pin) => boolean): Choice {
  const byRoutes = (...reasons: Reason[]): Choice => ({ by: 'routes', mark: 0, reasons });
  if (run.ruleset === '') return byRoutes(toReason('unmarked'));
  const behind = run.links.find((link) => link.device !== undefined && link.device === origin.device);
  if (behind) return byRoutes(toReason('behind', { src: question.src, link: behind.name }));
  const reasons: Reason[] = [];
  for (const { pin, target, isAvoided } of run.targets.pins) {
    if (!matches(pin, question, family, origin, run, isNamed)) continue;
    const told = { pin: pin.name, use: pin.use };
    if (isAvoided) return byRoutes(...reasons, toReason('pin_avoided', told));
    reasons.push(toReason(target.kind === 'never' ? 'pin_never' : target.kind === 'strict' ? 'pin_strict' : 'pin_takes', told));
    const spread = target.kind === 'group' ? run.spreads.find((other) => other.mark === target.mark) : undefined;
    const mark = spread ? markIn(spread, question, family, reasons) : target.mark;
    return { by: 'pin', pin: pin.name, ...(spread ? { group: spread.group.name } : {}), mark, reasons };
  }
  if (run.targets.pins.length) reasons.push(toReason('pin_none'));
  const spread = groupFor(run, question.dst);
  if (!spread) return byRoutes(...reasons, toReason('group_none'));
  const { name } = spread.group;
  const exemption = exemptionOf(spread, question, family, origin);
  if (exemption !== undefined) return { ...byRoutes(...reasons, exemption), group: name };
  if (!isSpecial(spread)) return { ...byRoutes(...reasons, toReason('group_hash', { group: name })), group: name };
  return { by: 'group', group: name, mark: markIn(spread, question, family, reasons), reasons };
}

/** What an existing connection was given; the packets of one that a group spreads are spread all along. */
function choiceOfKnown(run: RunPlan, question: Question, family: Family, known: number): Choice {
  const reasons = [toReason('known')];
  const spread = run.spreads.find((other) => other.isPacket && other.mark === known);
  if (!spread) return { by: 'routes', mark: known, reasons };
  return { by: 'group', group: spread.group.name, mark: markIn(spread, question, family, reasons), reasons };
}

/** The mark of the connection itself, where it exists and the kernel lists connections. */
function markOfConnection(system: System, { src, dst, proto, sport, dport }: Question, family: Family): number | undefined {
  const list = system.readFile('/proc/net/nf_conntrack');
  if (list === undefined || proto === undefined || sport === undefined || dport === undefined) return undefined;
  const line = list.split('\n').find((entry) => {
    const words = entry.split(/\s+/);
    // The first of each word is that of the direction in which it was opened.
    const first = (key: string): string | undefined => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
    return (
      words[3] === numberOfProtocol(proto, family) &&
      toAddress(first('src') ?? '') === src &&
      toAddress(first('dst') ?? '') === dst &&
      first('sport') === `${sport}` &&
      first('dport') === `${dport}`
    );
  });
  const mark = /\bmark=(\d+)/.exec(line ?? '')?.[1];
  return mark === undefined ? undefined : Math.floor(Number(mark) / 0x1000000);
}

/** What the kernel takes into account: it can be asked with these protocols alone. */
function flowWords({ proto, sport, dport }: Question, family: Family): string[] {
  const number = proto === undefined ? undefined : numberOfProtocol(proto, family);
  if (number === undefined || !Object.values(PROTOCOLS[family]).includes(number)) return [];
  return ['ipproto', number, ...(sport === undefined ? [] : ['sport', `${sport}`]), ...(dport === undefined ? [] : ['dport', `${dport}`])];
}

/** The first argument that is none, with what it must be. */
function faultIn(asked: Question, src: string | undefined, dst: string | undefined): [argument: string, expected: string] | undefined {
  if (src === undefined) return ['SRC', 'an IPv4 or IPv6 address'];
  if (dst === undefined || dst.includes(':') !== src.includes(':')) return ['DST', 'an address of the same family as SRC'];
  const isProtocol = asked.proto === undefined || /^(?:tcp|udp|icmp|\d{1,3})$/.test(asked.proto);
  if (!isProtocol || Number(asked.proto) > 255) return ['PROTO', 'tcp, udp, icmp or a number'];
  const isPort = (port: number | undefined): boolean => port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65535);
  return isPort(asked.sport) && isPort(asked.dport) ? undefined : ['PORT', 'a number from 1 to 65535'];
}

function markReason(mark: number): Reason {
  const step = mark === NEVER_MARK ? 'mark' : mark >= FIRST_TARGET_MARK ? 'mark_target' : 'mark_link';
  return toReason(step, { mark: `${hexMark(mark)}/${HEX_MASK}`, table: tableOf(mark) });
}

/** Answers, or says in `problems` why it can't. */
export function readWhy(system: System, asked: Question): Why {
  const [src, dst] = [toAddress(asked.src), toAddress(asked.dst)];
  const question = { ...asked, src: src ?? asked.src, dst: dst ?? asked.dst };
  const fail = (problems: Problem[]): Why => ({ question, by: 'routes', mark: 0, reasons: [], problems });
  const [argument, expected] = faultIn(asked, src, dst) ?? [];
  if (argument !== undefined && expected !== undefined) return fail([{ code: 'argument_invalid', severity: 'error', details: { argument, expected } }]);
  const { config, problems } = readConfig(system);
  const observed = observe(system, 'unasked');
  if (config.broken || !observed.live) return fail([...problems, ...observed.problems]);
  const run = planRun(config, observed, askSystem(system, observed), 'routes');
  const family: Family = question.src.includes(':') ? 'ipv6' : 'ipv4';
  const origin = originOf(system, question.src);
  const known = markOfConnection(system, question, family);
  const isNamed = (pin: Pin): boolean => system.run(['nft', 'get', 'element', 'inet', NFT_TABLE, setName(pin, family), `{ ${question.dst} }`]).exit === 0;
  const choice = known ? choiceOfKnown(run, question, family, known) : choiceOf(run, question, family, origin, isNamed);
  const words = ['route', 'get', question.dst, 'from', question.src, ...(origin.device === undefined ? [] : ['iif', origin.device])];
  const { exit, found: route } = askIp(system, ...words, ...(choice.mark ? ['mark', hexMark(choice.mark)] : []), ...flowWords(question, family));
  const device = textOf(route?.['dev']);
  const gateway = textOf(route?.['gateway']);
  const table = route && tableIn(route);
  const link = run.links.find(
    (other) => observed.live?.interfaces.find((entry) => entry.name === other.interface)?.l3Device === device && device !== undefined,
  );
  const reasons = [...choice.reasons, ...(choice.mark ? [markReason(choice.mark)] : [])];
  if (device === undefined) reasons.push(exit === KERNEL_REFUSES ? toReason('refused') : toReason('untold', { exit }));
  else {
    const step = link ? (gateway === undefined ? 'sent' : 'sent_to') : gateway === undefined ? 'sent_elsewhere' : 'sent_elsewhere_to';
    reasons.push(toReason(step, { device, gateway, table: table === MAIN ? 'main' : table, link: link?.name }));
  }
  return {
    question,
    ...choice,
    reasons,
    ...(table === undefined ? {} : { table }),
    ...(device === undefined ? {} : { device }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(link ? { link: link.name } : {}),
    problems: run.problems.filter((problem) => problem.severity === 'error'),
  };
}
