// The agent’s parsers read what real programs were recorded to say: all of it, and no harm comes of readings gone wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseKernel, parseRules6 } from '../../agent/src/observe/kernel.ts';
import { parseDump } from '../../agent/src/observe/netifd.ts';
import type { NetifdInterface } from '../../agent/src/observe/netifd.ts';
import { isFault, parsePackage } from '../../agent/src/uci/package.ts';
import type { UciSection } from '../../agent/src/uci/package.ts';
import { test } from '../limit.ts';
import { OBSERVATIONS } from './recording.ts';
import { interfaceShapes, packageShapes, routeWords } from './shapes.ts';
import { note } from './shown.ts';

const FILES = ['02-uci-ubus', '03-uci-cli', '12-uci-private-deltas', '14-multidial-like'] as const;
const expected = readFileSync(join(import.meta.dirname, 'fixtures/parsed.txt'), 'utf8').split('\n');
const expectedOf = (name: string, kind: string): string => expected.filter((line) => line.startsWith(`${name} ${kind} `)).join('\n');

const stateOf = (entry: NetifdInterface): string => (entry.up ? 'up' : entry.pending ? 'dialing' : entry.autostart ? 'down' : 'stopped');

function tellInterface(entry: NetifdInterface): string {
  const routes = entry.routes.map(({ target, mask, nexthop }) => `${target}/${mask} via ${nexthop}`);
  const { reason, l3Device, uptimeS, pointToPoint } = entry;
  const uptime = uptimeS === undefined ? [] : [`${uptimeS} s`];
  const device = l3Device === undefined ? [] : [`on ${l3Device}`];
  const why = reason ? [`${reason.subsystem} ${reason.code}`] : [];
  const peer = pointToPoint ? ['to a peer'] : [];
  return [`${entry.name} ${entry.proto} ${stateOf(entry)}`, ...device, ...uptime, ...entry.ipv4, ...entry.ipv6, ...peer, ...routes, ...why].join(', ');
}

const tellSection = ({ type, name, options }: UciSection): string =>
  [`${type} ${name ?? '@'}`, ...[...options].map(([option, value]) => `${option}=${JSON.stringify(value)}`)].join(', ');

for (const name of OBSERVATIONS) {
  test(`finds in ${name} every interface as it was`, () => {
    const shapes = interfaceShapes(name);
    const told = shapes.flatMap(({ at, text }) => {
      const found = parseDump(text);
      assert.ok(found, `${at} is a dump`);
      return found.map((entry) => `${name} interface ${at}: ${tellInterface(entry)}`);
    });
    note(`${told.length} states of interfaces in ${shapes.length} replies (${name})`);
    assert.fixture(told.join('\n'), expectedOf(name, 'interface'));
  });

  test(`takes none of the routes in ${name} for an answer, as they are words`, () => {
    const shapes = routeWords(name);
    note(`${shapes.length} lists of routes in words (${name})`);
    assert.ok(shapes.length > 0);
    for (const { at, text } of shapes) assert.is(parseKernel(text), undefined, at);
  });
}

for (const name of FILES) {
  test(`reads every file of configuration in ${name}`, () => {
    const shapes = packageShapes(name);
    const told = shapes.flatMap(({ at, text }) => {
      const found = parsePackage(text);
      if (isFault(found)) throw new Error(`${at}, line ${found.line}: ${found.reason}`);
      return found.map((section) => `${name} section ${at}: ${tellSection(section)}`);
    });
    note(`${told.length} sections in ${shapes.length} files (${name})`);
    assert.fixture(told.join('\n'), expectedOf(name, 'section'));
  });
}

test('everything that is expected was looked for', () => {
  const known = [...OBSERVATIONS.map((name) => expectedOf(name, 'interface')), ...FILES.map((name) => expectedOf(name, 'section'))];
  assert.ok(known.every((lines) => lines !== ''));
  assert.is(known.join('\n').split('\n').length, expected.filter(Boolean).length);
});

const WRONG: readonly unknown[] = [undefined, null, 7, -1.5, '', 'x', true, [], [null], {}, { address: 5 }];

/** Calls `look` with the value after each single change: every part of it missing, or of another type. */
function mutate(root: object, look: (text: string) => void): void {
  const visit = (parent: Record<string, unknown>): void => {
    for (const [key, old] of Object.entries(parent)) {
      for (const wrong of WRONG) {
        parent[key] = wrong;
        look(JSON.stringify(root));
      }
      parent[key] = old;
      if (typeof old === 'object' && old !== null) visit(old as Record<string, unknown>);
    }
  };
  visit(root as Record<string, unknown>);
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isMaybe = (type: string, value: unknown): boolean => value === undefined || typeof value === type;

function isWhole(entry: NetifdInterface): boolean {
  const { name, proto, up, pending, autostart, pointToPoint, l3Device, uptimeS, ipv4, ipv6, routes, reason } = entry;
  return (
    [name, proto, ...ipv4, ...ipv6].every(isText) &&
    [up, pending, autostart, pointToPoint].every((flag) => typeof flag === 'boolean') &&
    isMaybe('string', l3Device) &&
    isMaybe('number', uptimeS) &&
    routes.every((route) => isText(route.target) && isText(route.nexthop) && typeof route.mask === 'number') &&
    (reason === undefined || (isText(reason.subsystem) && isText(reason.code)))
  );
}

for (const name of OBSERVATIONS) {
  test(`no part of ${name} that is missing or of another type does harm`, () => {
    let count = 0;
    for (const { at, text } of interfaceShapes(name)) {
      mutate(JSON.parse(text) as object, (changed) => {
        count++;
        const wrong = parseDump(changed)?.find((entry) => !isWhole(entry));
        assert.is(wrong, undefined, at);
      });
    }
    note(`${count} readings gone wrong (${name})`);
    assert.ok(count > 1000);
  });
}

test('no answer of ip that is cut or of other types does harm', () => {
  const [text, six] = ['ip.txt', 'ip-6.txt'].map((name) => readFileSync(join(import.meta.dirname, '../unit/fixtures/observe', name), 'utf8')) as [
    string,
    string,
  ];
  const answers = `${text}${six}`
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  mutate(answers, (changed) => {
    const [all, six] = [(JSON.parse(changed) as unknown[]).slice(0, 4), (JSON.parse(changed) as unknown[]).slice(4)].map((some) =>
      some.map((answer) => `${JSON.stringify(answer)}\n`).join(''),
    );
    const found = parseKernel(all ?? '');
    for (const { preference, table, protocol, mark, suppress, from, to } of [...(found?.rules ?? []), ...(parseRules6(six ?? '') ?? [])]) {
      assert.ok([preference, table, protocol].every(Number.isInteger));
      assert.ok([mark, suppress].every((value) => value === undefined || Number.isInteger(value)) && [from, to].every((value) => isMaybe('string', value)));
    }
    for (const { destination, table, metric, protocol, legs } of [...(found?.routes ?? []), ...(found?.unreachable ?? [])]) {
      assert.ok(isText(destination) && [table, metric, protocol].every(Number.isInteger));
      assert.ok(legs.every((leg) => isText(leg.device) && isMaybe('string', leg.gateway) && Number.isInteger(leg.weight)));
    }
    for (const nexthop of found?.nexthops ?? []) assert.ok(Number.isInteger(nexthop.id) && isMaybe('string', nexthop.device));
  });
  for (let length = 0; length < text.length - 1; length++) assert.ok((parseKernel(text.slice(0, length))?.routes.length ?? 1) > 0);
  for (let length = 0; length < six.length - 1; length++) assert.is(parseRules6(six.slice(0, length)), undefined);
});

test('a file of configuration that is cut or lacks a sign is read or refused, never more', () => {
  for (const { at, text } of FILES.flatMap(packageShapes)) {
    for (let index = 0; index < text.length; index++) {
      for (const changed of [text.slice(0, index), text.slice(0, index) + text.slice(index + 1)]) {
        const found = parsePackage(changed);
        if (isFault(found)) assert.ok(found.line >= 1 && found.reason !== '', at);
        else
          assert.ok(
            found.every((section) => isText(section.type) && [...section.options.values()].flat().every(isText)),
            at,
          );
      }
    }
  }
});

test.run();
