// `ip route get` and `ip neigh show` on the fake kernel: one packet's way by rules and tables, printed as iproute2 6.1 does.
import { holds } from '../../agent/src/contract/index.ts';
import type { Family, Kernel, Route } from './kernel.ts';
import type { Rule } from './rules.ts';

type Outcome = { exit: number; stdout: string; stderr: string };
type Packet = { family: Family; to: string; from: string | undefined; mark: number };

const MAIN = 254;
const done = (...found: object[]): Outcome => ({ exit: 0, stdout: `${JSON.stringify(found)}\n`, stderr: '' });
const refused = (exit: number, stderr: string): Outcome => ({ exit, stdout: '', stderr: `${stderr}\n` });

const lengthOf = ({ destination }: Route): number => (destination === 'default' ? 0 : Number(destination.split('/')[1] ?? 128));
const wholeOf = (prefix: string): string => (prefix.includes('/') ? prefix : `${prefix}/${prefix.includes(':') ? 128 : 32}`);
const isIn = (prefix: string | undefined, address: string | undefined): boolean =>
  prefix === undefined || (address !== undefined && holds(wholeOf(prefix), address));

function selects(rule: Rule, { to, from, mark }: Packet): boolean {
  const isMarked = rule.mark === undefined || (mark & (rule.mask ?? -1)) >>> 0 === rule.mark;
  return (isIn(rule.from, from) && isIn(rule.to, to) && isMarked) !== (rule.not ?? false);
}

/** The longest prefix, of equal ones the lowest metric; a rule may refuse what is no longer than it says. */
function lookUp(kernel: Kernel, packet: Packet): Route | undefined {
  for (const rule of kernel.rules[packet.family]) {
    if (!selects(rule, packet)) continue;
    const [best] = kernel.routes
      .filter((route) => route.family === packet.family && route.table === rule.table)
      .filter(({ destination, source }) => (destination === 'default' || isIn(destination, packet.to)) && isIn(source, packet.from))
      .toSorted((a, b) => lengthOf(b) - lengthOf(a) || a.metric - b.metric);
    if (best && (rule.suppress === undefined || lengthOf(best) > rule.suppress)) return best;
  }
  return undefined;
}

function getRoute(kernel: Kernel, to: string, pairs: ReadonlyMap<string, string>, isNumeric: boolean): Outcome {
  const family = to.includes(':') ? 'ipv6' : 'ipv4';
  const [from, iif] = [pairs.get('from'), pairs.get('iif')];
  const protocol = pairs.get('ipproto');
  if (protocol !== undefined && !['6', '17', family === 'ipv6' ? '58' : '1'].includes(protocol)) return refused(2, 'Error: Unsupported ip proto.');
  if (iif !== undefined && !kernel.devices.has(iif)) return refused(1, `Cannot find device "${iif}"`);
  if (kernel.connected.some(({ address }) => address === to)) return done({ type: isNumeric ? '2' : 'local', dst: to, dev: 'lo', prefsrc: to, flags: [] });
  const near = kernel.connected.find(({ prefix }) => holds(prefix, to));
  if (near) return done({ dst: to, dev: near.device, prefsrc: near.address, flags: [] });
  // What comes in by no device must be the router's own.
  if (from !== undefined && iif === undefined && kernel.connected.every(({ address }) => address !== from))
    return refused(2, 'RTNETLINK answers: Network is unreachable');
  const route = lookUp(kernel, { family, to, from, mark: Number(pairs.get('mark') ?? 0) });
  const [leg] = route ? kernel.legsOf(route) : [];
  if (!route || !leg) return refused(2, `RTNETLINK answers: ${route ? 'No route to host' : 'Network is unreachable'}`);
  const gateway = leg.gateway === undefined ? {} : { gateway: leg.gateway };
  return done({ dst: to, from, ...gateway, dev: leg.device, ...(route.table === MAIN ? {} : { table: `${route.table}` }), flags: [], cache: [], iif });
}

/** A question outside of a batch; an old ip knows no -N. */
export function askIp(kernel: Kernel, argv: readonly string[]): Outcome {
  const isNumeric = argv[0] === '-N';
  if (isNumeric && kernel.hasOldIp) return refused(255, 'Option "-N" is unknown, try "ip -help".');
  const [json, object, verb, address = '', ...more] = isNumeric ? argv.slice(1) : argv;
  const pairs = new Map(more.flatMap((word, at) => (at % 2 ? [] : [[word, more[at + 1] ?? ''] as const])));
  const keys = [...pairs.keys()];
  if (json === '-j' && object === 'neigh' && verb === 'show' && keys.join() === 'dev') {
    const lladdr = kernel.neighbours.get(`${address} ${pairs.get('dev')}`);
    return lladdr === undefined ? done() : done({ dst: address, lladdr, state: ['REACHABLE'] });
  }
  const known = ['from', 'iif', 'mark', 'ipproto', 'sport', 'dport'];
  if (json !== '-j' || object !== 'route' || verb !== 'get' || keys.some((key) => !known.includes(key)))
    throw new Error(`the agent may not run: ip ${argv.join(' ')}`);
  return getRoute(kernel, address, pairs, isNumeric);
}
