// Routes, rules and nexthops in words: whose they are, what ours are for, and which are shown.
import { tableName, toRoutesParts, type Owner, type RoutesPart, type RoutesReply, type RoutesRow } from '../../../agent/src/contract/index.ts';
import { said, t, tn } from '../t.ts';
import { formatList, joinSentences } from './format.ts';

export const owners: readonly Owner[] = ['ours', 'netifd', 'kernel', 'foreign'];

export const ownerWord = (owner: Owner): string =>
  ({ ours: t('multidial'), netifd: t('netifd'), kernel: t('the kernel'), foreign: t('others') })[owner] ?? owner;

/** What it is for, of ours and links' own; else the interface that its device belongs to. */
export function describeRow({ purpose, interface: name }: RoutesRow): string {
  if (!purpose) return name === undefined ? '' : t('interface {name}', { name });
  return said(`purpose.${purpose.code}`, purpose.text, purpose.details);
}

export function partTitle({ kind, family, table }: RoutesPart): string {
  const name = family === 'ipv6' ? 'IPv6' : 'IPv4';
  if (kind === 'nexthops') return t('Nexthops');
  return kind === 'rules' ? t('{family} rules', { family: name }) : t('{family} routes, table {table}', { family: name, table: tableName(table ?? 0) });
}

/** The parts with what is somebody's; '' for everybody's. */
export const partsOf = (reply: RoutesReply, owner: Owner | ''): RoutesPart[] =>
  toRoutesParts(reply)
    .map((part) => ({ ...part, rows: part.rows.filter((row) => owner === '' || row.owner === owner) }))
    .filter(({ rows }) => rows.length > 0);

/** As in "21 routes, 14 rules, 6 nexthops. 50000 more routes of others are not shown." */
export function summariseRoutes({ routes, rules, nexthops, left }: RoutesReply): string {
  const there = formatList([
    tn(routes.length, '{count} route', '{count} routes'),
    tn(rules.length, '{count} rule', '{count} rules'),
    nexthops ? tn(nexthops.length, '{count} nexthop', '{count} nexthops') : t('no nexthop objects on this system'),
  ]);
  const more = left.routes + left.rules + left.nexthops;
  return joinSentences([t('{found}.', { found: there }), more > 0 && tn(more, 'One more is not shown.', '{count} more are not shown: others have too many.')]);
}
