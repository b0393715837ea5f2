// The metrics: what Prometheus is told of a router, by a reader of its text format that takes nothing else.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import { renderMetrics } from '../../agent/src/commands/metrics.ts';
import type { Status } from '../../agent/src/contract/index.ts';
import { writeLive, writeResting } from '../../agent/src/watched.ts';
import type { Router } from '../fake/router.ts';
import { aDialedRouter, aRouter, line } from '../fake/scene.ts';
import { changesOf, multidial } from '../fake/shell.ts';
import { test } from '../limit.ts';

type Metric = { type: string; help: string; values: Map<string, number> };

const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));

/** Text format 0.0.4; a label set becomes `name=value,…` in its order. Throws at anything else. */
function parseMetrics(text: string): Map<string, Metric> {
  assert.ok(text.endsWith('\n'));
  const metrics = new Map<string, Metric>();
  let current: [name: string, metric: Metric] | undefined;
  for (const row of text.slice(0, -1).split('\n')) {
    const [, help, helpText] = /^# HELP ([a-z][a-z0-9_]*) (\S.*)$/.exec(row) ?? [];
    const [, typed, type] = /^# TYPE ([a-z][a-z0-9_]*) (gauge|counter)$/.exec(row) ?? [];
    const [, name, labels = '', value] = /^([a-z][a-z0-9_]*)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)$/.exec(row) ?? [];
    if (help !== undefined) {
      assert.not.ok(metrics.has(help), `${help} twice`);
      current = [help, { type: '', help: helpText ?? '', values: new Map() }];
    } else if (typed !== undefined && type !== undefined) {
      assert.is(typed, current?.[0]);
      if (current) metrics.set(typed, { ...current[1], type });
    } else {
      assert.is(name, current?.[0], row);
      const pairs = [...labels.matchAll(/([a-z]+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, quoted = '']) => `${label}=${unescaped(quoted)}`);
      const values = metrics.get(name ?? '')?.values;
      assert.not.ok(values?.has(pairs.join()), `${row} twice`);
      values?.set(pairs.join(), Number(value));
    }
  }
  return metrics;
}

const metricsOf = (router: Router): Map<string, Metric> => {
  const said = multidial(router, 'metrics');
  assert.equal([said.exit, changesOf(said.effects)], [0, []]);
  return parseMetrics(said.output);
};
const valuesOf = (router: Router, name: string): Record<string, number> => Object.fromEntries(metricsOf(router).get(`multidial_${name}`)?.values ?? []);
const dialed = (...options: string[]): Router => aDialedRouter(line('sessions 2', ...options));

test('a router that dials tells of each link, with a help and a type for everything', () => {
  const router = dialed('weight 3', 'ipv6 nat');
  const metrics = metricsOf(router);
  for (const [name, { type, help, values }] of metrics) {
    assert.is(type, name.endsWith('_total') ? 'counter' : 'gauge');
    assert.match(help, /\.$|1$/);
    assert.ok(name.startsWith('multidial_') && values.size > 0, name);
  }
  const rows: [name: string, values: Record<string, number>][] = [
    ['info', { 'version=0.0.0-test': 1 }],
    ['enabled', { '': 1 }],
    ['last_run_ok', { '': 1 }],
    ['problems', { 'severity=error': 0, 'severity=warning': 0 }],
    ['link_up', { 'link=wan_01,line=wan': 1, 'link=wan_02,line=wan': 1 }],
    ['link_weight', { 'link=wan_01,line=wan': 3, 'link=wan_02,line=wan': 3 }],
    ['link_uptime_seconds', { 'link=wan_01,line=wan': 70, 'link=wan_02,line=wan': 70 }],
    ['link_receive_bytes_total', { 'link=wan_01,line=wan': 1000, 'link=wan_02,line=wan': 1000 }],
    ['link_transmit_bytes_total', { 'link=wan_01,line=wan': 500, 'link=wan_02,line=wan': 500 }],
    ['group_members', { 'group=default,family=ipv4,prefix=0.0.0.0/0': 2, 'group=default,family=ipv6,prefix=::/0': 2 }],
  ];
  for (const [name, values] of rows) assert.equal(Object.fromEntries(metrics.get(`multidial_${name}`)?.values ?? []), values, name);
});

test('a link that hung up is down, carries nothing, and has no counters', () => {
  const router = dialed();
  router.netifd.down('wan_02', 'HANGUP');
  multidial(router, 'hotplug');
  const states = Object.entries(valuesOf(router, 'link_state')).filter(([, value]) => value === 1);
  assert.equal(Object.fromEntries(states), { 'link=wan_01,line=wan,state=up': 1, 'link=wan_02,line=wan,state=dialing': 1 });
  assert.equal(valuesOf(router, 'link_up'), { 'link=wan_01,line=wan': 1, 'link=wan_02,line=wan': 0 });
  assert.is(valuesOf(router, 'link_balanced')['link=wan_02,line=wan,family=ipv4'], 0);
  assert.equal(Object.keys(valuesOf(router, 'link_receive_bytes_total')), ['link=wan_01,line=wan']);
});

test('what the watcher knows is told in Prometheus’ units, as long as it is fresh', () => {
  const router = dialed();
  const names = ['link_alive', 'link_loss_ratio', 'link_latency_seconds'];
  const known = () => names.map((name) => valuesOf(router, name));
  assert.equal(known(), [{}, {}, {}]);
  router.run((system) => {
    const wan_01 = { ipv4: 'alive', ipv6: 'unknown', loss: 12.5, latencyMs: 20 } as const;
    writeLive(system, { atMs: router.nowMs, links: { wan_01, wan_02: { ipv4: 'dead', loss: 100 } } });
    writeResting(system, { wan_01: { kind: 'pause' } });
  });
  assert.equal(known(), [
    { 'link=wan_01,line=wan,family=ipv4': 1, 'link=wan_02,line=wan,family=ipv4': 0 },
    { 'link=wan_01,line=wan': 0.125, 'link=wan_02,line=wan': 1 },
    { 'link=wan_01,line=wan': 0.02 },
  ]);
  assert.equal(valuesOf(router, 'link_resting'), { 'link=wan_01,line=wan': 1, 'link=wan_02,line=wan': 0 });
  router.nowMs += 60_000;
  assert.equal(known(), [{}, {}, {}]);
});

test('a router without links or a run tells what is left', () => {
  const metrics = metricsOf(aRouter(`config globals\n\toption enabled '0'\n`));
  assert.equal([...metrics.keys()], ['multidial_info', 'multidial_enabled', 'multidial_problems']);
  assert.is(metrics.get('multidial_enabled')?.values.get(''), 0);
});

test('errors and warnings are counted', () => {
  const router = aRouter(line('sessions 65', 'zone wan'));
  assert.equal(valuesOf(router, 'problems'), { 'severity=error': 1, 'severity=warning': 1 });
});

test('whatever stands in a label comes back as it was', () => {
  const odd = 'a\\b"c\nd\\ne}f,g="h';
  const status: Status = {
    version: odd,
    enabled: true,
    revision: '',
    last: null,
    atMs: 0,
    links: [],
    groups: [{ group: odd, family: 'ipv4', prefix: '0.0.0.0/0', route: 'none', kind: 'nexthop', members: [] }],
    problems: [],
  };
  const metrics = parseMetrics(renderMetrics(status));
  assert.equal([...(metrics.get('multidial_info')?.values.keys() ?? [])], [`version=${odd}`]);
  assert.equal([...(metrics.get('multidial_group_members')?.values.keys() ?? [])], [`group=${odd},family=ipv4,prefix=0.0.0.0/0`]);
});

test.run();
