// `ip -batch -` on the fake kernel: only the lines that multidial may use, spelled as iproute2 takes them.
import { ruleLine, rulesJson } from './ip-rule.ts';
import { check, numberOf, Refused, Words } from './ip-words.ts';
import type { Family, Group, Kernel, Leg, Route, Single } from './kernel.ts';

type Outcome = { exit: number; stdout: string; stderr: string };
const MAIN = 254;

const compress = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

/** Of an IPv6 prefix the kernel takes the host bits away itself. */
function canonicalSix(address: string, length: number): string {
  const [head = '', tail] = compress(address).split('::');
  const words = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const gap = tail === undefined ? [] : Array<string>(8 - words(head).length - words(tail).length).fill('0');
  const bits = [...words(head), ...gap, ...words(tail)].map((word) => Number.parseInt(word, 16).toString(2).padStart(16, '0')).join('');
  const masked = bits.slice(0, length).padEnd(128, '0');
  return compress(Array.from({ length: 8 }, (_, at) => Number.parseInt(masked.slice(at * 16, at * 16 + 16), 2).toString(16)).join(':'));
}

/** iproute2 writes a prefix short: no /32, and `default` for the whole. The kernel takes no IPv4 prefix with host bits. */
function parsePrefix(text: string): { family: Family; destination: string } {
  const [address = '', bits] = text.split('/');
  const family: Family = address.includes(':') ? 'ipv6' : 'ipv4';
  if (text === '0.0.0.0/0' || text === '::/0') return { family, destination: 'default' };
  if (text === 'default') return { family: 'ipv4', destination: 'default' };
  const length = bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits);
  if (family === 'ipv4') {
    const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    if (value % 2 ** (32 - length) !== 0) throw new Refused('Error: Invalid prefix for given prefix length.');
    return { family, destination: length === 32 ? address : text };
  }
  const canonical = canonicalSix(address, length);
  return { family, destination: length === 128 ? canonical : `${canonical}/${length}` };
}

function nexthopLine(kernel: Kernel, words: Words, isSix: boolean): void {
  if (!kernel.knowsNexthops) throw new Refused('Object "nexthop" is unknown, try "ip help".');
  const verb = words.take();
  if (words.take() !== 'id') throw new Refused('Error: id is required');
  const id = words.takeNumber();
  if (verb === 'del') {
    words.end();
    return check(kernel.deleteNexthop(id));
  }
  if (verb !== 'replace' && verb !== 'add') throw new Refused(`Command "${verb}" is unknown, try "ip nexthop help".`);
  const pairs = words.takePairs(['group', 'via', 'dev', 'proto']);
  words.end();
  const protocol = numberOf(pairs.get('proto'), 0);
  const list = pairs.get('group');
  if (list !== undefined) {
    if (isSix) throw new Refused('Error: Invalid family for group.');
    const members = list.split('/').map((member) => ({ id: Number(member.split(',')[0]), weight: numberOf(member.split(',')[1], 1) }));
    return check(kernel.setGroup(id, { members, protocol }, verb === 'replace'));
  }
  const gateway = pairs.get('via');
  // The family comes from the gateway, else from -6: without it a device alone makes an IPv4 object.
  const family: Family = gateway === undefined ? (isSix ? 'ipv6' : 'ipv4') : gateway.includes(':') ? 'ipv6' : 'ipv4';
  check(kernel.setNexthop(id, { family, device: pairs.get('dev') ?? '', gateway, protocol }, verb === 'replace'));
}

const toLeg = (pairs: ReadonlyMap<string, string>): Leg => ({
  device: pairs.get('dev') ?? '',
  gateway: pairs.get('via'),
  weight: numberOf(pairs.get('weight'), 1),
});

function routeLine(kernel: Kernel, words: Words): void {
  const verb = words.take();
  const refuses = verb !== 'del' && words.next === 'unreachable' && words.take() !== '';
  const { family, destination } = parsePrefix(words.take());
  const pairs = words.takePairs(['from', 'via', 'dev', 'nhid', 'metric', 'proto', 'table']);
  const legs: Leg[] = [];
  while (words.next === 'nexthop') {
    words.take();
    legs.push(toLeg(words.takePairs(['via', 'dev', 'weight'])));
  }
  words.end();
  const key = {
    family,
    destination,
    table: numberOf(pairs.get('table'), MAIN),
    metric: numberOf(pairs.get('metric'), 0),
    protocol: numberOf(pairs.get('proto'), 3),
  };
  if (verb === 'del') return check(kernel.deleteRoute(key));
  if (verb !== 'replace' && verb !== 'add') throw new Refused(`Command "${verb}" is unknown, try "ip route help".`);
  const group = pairs.has('nhid') ? Number(pairs.get('nhid')) : undefined;
  if (refuses && (legs.length || ['via', 'dev', 'nhid'].some((word) => pairs.has(word))))
    throw new Refused('Error: Gateway, device and multipath can not be specified for this route type.');
  const isBare = refuses || group !== undefined;
  const route: Route = { ...key, source: pairs.get('from'), group, legs: isBare ? [] : legs.length ? legs : [toLeg(pairs)], ...(refuses ? { refuses } : {}) };
  check(kernel.setRoute(route, verb === 'replace'));
}

const legJson = (leg: Leg) => ({
  ...(leg.gateway === undefined ? {} : { gateway: leg.gateway }),
  dev: leg.device,
  flags: leg.dead ? ['dead', 'linkdown'] : [],
});

/** As `ip -N -j route show`: the table only when it is not main, the metric only when there is one. */
function routeJson(kernel: Kernel, route: Route): object {
  const legs = kernel.legsOf(route);
  const isOne = legs.length === 1 && !kernel.isOfGroup(route);
  return {
    ...(route.refuses ? { type: kernel.hasOldIp ? 'unreachable' : '7' } : {}),
    dst: route.destination,
    ...(route.source === undefined ? {} : { from: route.source }),
    ...(route.group === undefined ? {} : { nhid: route.group }),
    ...(isOne && legs[0] ? legJson(legs[0]) : {}),
    ...(route.refuses && route.family === 'ipv6' ? { dev: 'lo' } : {}),
    ...(route.table === MAIN ? {} : { table: String(route.table) }),
    protocol: String(route.protocol),
    ...(route.metric ? { metric: route.metric } : {}),
    flags: [],
    ...(route.family === 'ipv6' ? { pref: 'medium' } : {}),
    ...(isOne || route.refuses ? {} : { nexthops: legs.map((leg) => ({ ...legJson(leg), weight: leg.weight })) }),
  };
}

const NAMES: Readonly<Record<number, string>> = { 2: 'kernel', 4: 'static', 9: 'ra', 16: 'dhcp' };

/** As iproute2 5.0 prints it: protocols by name, and each leg of a multipath route as words, between which JSON goes on. */
function oldRouteText(kernel: Kernel, route: Route): string {
  const { nexthops = [], pref, ...head } = routeJson(kernel, route) as { nexthops?: (ReturnType<typeof legJson> & { weight: number })[]; pref?: string };
  const words = nexthops.map(({ gateway, dev, flags, weight }) => {
    const via = gateway === undefined ? '' : `,"gateway":"${gateway}"`;
    return `${via}dev ${dev} weight ${weight} ,"flags":${JSON.stringify(flags)}`;
  });
  const named = { ...head, protocol: NAMES[route.protocol] ?? String(route.protocol) };
  return `${JSON.stringify(named).slice(0, -1)}${words.join('')}${pref === undefined ? '' : `,"pref":"${pref}"`}}`;
}

function nexthopJson(id: number, nexthop: Single | Group): object {
  const protocol = String(nexthop.protocol);
  if ('members' in nexthop) {
    return { id, group: nexthop.members.map((member) => (member.weight === 1 ? { id: member.id } : member)), protocol, flags: [] };
  }
  return { id, ...(nexthop.gateway === undefined ? {} : { gateway: nexthop.gateway }), dev: nexthop.device, scope: '253', protocol, flags: [] };
}

const isQuery = /^route show table all type (unicast|unreachable)$/;

function answer(kernel: Kernel, line: string, isSix: boolean): string | undefined {
  const [, type] = isQuery.exec(line) ?? [];
  if (type !== undefined) {
    const routes = kernel.routes.filter((route) => (route.refuses === true) === (type === 'unreachable') && (!isSix || route.family === 'ipv6'));
    return kernel.hasOldIp
      ? `[${routes.map((route) => oldRouteText(kernel, route)).join(',')}]`
      : JSON.stringify(routes.map((route) => routeJson(kernel, route)));
  }
  if (line === 'rule show') return JSON.stringify(rulesJson(kernel, isSix));
  if (line !== 'nexthop show') return undefined;
  if (!kernel.knowsNexthops) throw new Refused('Object "nexthop" is unknown, try "ip help".');
  return JSON.stringify([...kernel.nexthops].map(([id, nexthop]) => nexthopJson(id, nexthop)));
}

/** Runs a batch. `lines` cuts it short, as a kill in the middle does. */
export function runIp(kernel: Kernel, options: readonly string[], text: string, lines = Number.POSITIVE_INFINITY): Outcome {
  const known = ['-6', '-N', '-j', '-force', '-batch', '-'];
  const strange = options.find((option) => !known.includes(option) || (option === '-N' && kernel.hasOldIp));
  if (strange !== undefined || !options.includes('-batch')) return { exit: 255, stdout: '', stderr: `Option "${strange}" is unknown, try "ip -help".\n` };
  const outcome: Outcome = { exit: 0, stdout: '', stderr: '' };
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue;
    if (at >= lines) break;
    try {
      const words = new Words(line);
      const isSix = options.includes('-6');
      const reply = answer(kernel, line, isSix);
      if (reply !== undefined) {
        outcome.stdout += `${reply}\n`;
        continue;
      }
      const object = words.take();
      if (object === 'nexthop') nexthopLine(kernel, words, isSix);
      else if (object === 'rule') ruleLine(kernel, words, isSix);
      else if (object === 'route') routeLine(kernel, words);
      else throw new Refused(`Object "${object}" is unknown, try "ip help".`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      outcome.stderr += `${error.message}\nCommand failed -:${at + 1}\n`;
      outcome.exit = 1;
      if (!options.includes('-force')) break;
    }
  }
  return outcome;
}
