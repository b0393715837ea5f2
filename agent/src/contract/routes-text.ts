// The reply of `multidial routes` in parts by family and table, and as text: for people at a shell, and for those whom they ask.
import { nexthopWords, routeWords, ruleWords, tableName } from './routes.ts';
import type { Owned, RouteEntry, RoutesReply } from './routes.ts';
import type { Problem } from './problem.ts';
import type { Family } from './status.ts';

/** One of them as it is shown: in the words of ip, with whose it is and what it is for. */
export type RoutesRow = Owned & { words: string };
export type RoutesPart = { kind: 'routes' | 'rules' | 'nexthops'; family?: Family; table?: number; rows: RoutesRow[] };

const MAIN = 254;
const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

const toRow =
  <T extends Owned>(wordsOf: (entry: T) => string) =>
  (entry: T): RoutesRow => ({ owner: entry.owner, interface: entry.interface, purpose: entry.purpose, words: wordsOf(entry) });

/** Table main, tables with something of ours, the others. */
function tablesOf(routes: readonly RouteEntry[]): number[] {
  const tables = [...new Set(routes.map(({ table }) => table))].toSorted((a, b) => a - b);
  const isOurs = (table: number): boolean => routes.some((route) => route.table === table && route.owner === 'ours');
  const rank = (table: number): number => (table === MAIN ? 0 : isOurs(table) ? 1 : 2);
  return tables.toSorted((a, b) => rank(a) - rank(b));
}

/** Everything in its parts: routes by family and table, rules by family and preference, nexthops. */
export function toRoutesParts({ routes, rules, nexthops }: RoutesReply): RoutesPart[] {
  const parts = FAMILIES.flatMap((family): RoutesPart[] => {
    const own = routes.filter((route) => route.family === family);
    const ruled = rules.filter((rule) => rule.family === family).toSorted((a, b) => a.preference - b.preference);
    return [
      ...tablesOf(own).map((table): RoutesPart => {
        const rows = own.filter((route) => route.table === table).map(toRow(routeWords));
        return { kind: 'routes', family, table, rows };
      }),
      { kind: 'rules', family, rows: ruled.map(toRow(ruleWords)) },
    ];
  });
  return [...parts, { kind: 'nexthops' as const, rows: (nexthops ?? []).map(toRow(nexthopWords)) }].filter(({ rows }) => rows.length > 0);
}

const titleOf = ({ kind, family, table }: RoutesPart): string => {
  const name = family === 'ipv4' ? 'IPv4 ' : family === 'ipv6' ? 'IPv6 ' : '';
  return kind === 'routes' ? `${name}routes, table ${tableName(table ?? MAIN)}:` : kind === 'rules' ? `${name}rules:` : 'Nexthops:';
};

const lineOf = ({ owner, words, interface: name, purpose }: RoutesRow): string => {
  const remark = purpose ? purpose.text : name === undefined ? '' : `interface ${name}`;
  return `  ${owner.padEnd(7)} ${words}${remark && `  # ${remark}`}`;
};

/** All of it, a line each. `describe` says a complaint: the page has not all of the sentences. */
export function renderRoutes(reply: RoutesReply, describe: (problem: Problem) => string): string {
  const { left } = reply;
  const kinds = ['routes', 'rules', 'nexthops'] as const;
  return [
    ...toRoutesParts(reply).flatMap((part) => [titleOf(part), ...part.rows.map(lineOf), '']),
    ...kinds.filter((kind) => left[kind] > 0).map((kind) => `${left[kind]} more ${kind} of others are not shown.`),
    ...reply.problems.map((problem) => `${problem.severity}: ${describe(problem)}`),
    '',
  ].join('\n');
}
