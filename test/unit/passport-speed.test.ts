// What a passport measures: speeds by link and together, what is proposed by them, and why there are none.
import * as assert from 'uvu/assert';
import type { Provider } from '../fake/provider.ts';
import type { Router } from '../fake/router.ts';
import { line } from '../fake/scene.ts';
import { test } from '../limit.ts';
import { atMost, passport, scene, URL } from './passport-scene.ts';

const speedRows: [name: string, speeds: Provider['speeds'], speed: string, sessions: number, weights: Record<string, number>][] = [
  ['each alike', (links) => Object.fromEntries(links.map((link) => [link, 1e6])), 'adds', 4, {}],
  [
    'one three times as fast',
    (links) => Object.fromEntries(links.map((link) => [link, link === 'wan_02' ? 3e6 : 1e6])),
    'adds',
    4,
    { wan_01: 1, wan_02: 3, wan_03: 1, wan_04: 1 },
  ],
  [
    'five to three',
    (links) => Object.fromEntries(links.map((link) => [link, link === 'wan_02' ? 5e6 : 3e6])),
    'adds',
    4,
    { wan_01: 2, wan_02: 3, wan_03: 2, wan_04: 2 },
  ],
  ['one speed for all', (links) => Object.fromEntries(links.map((link) => [link, 1e6 / links.length])), 'shared', 1, {}],
  ['two together', (links) => Object.fromEntries(links.map((link) => [link, Math.min(1e6, 2.2e6 / links.length)])), 'partly', 2, {}],
];

for (const [name, speeds, speed, sessions, weights] of speedRows) {
  test(`speeds, ${name}: ${speed}, ${sessions} sessions`, () => {
    const it = scene(line('sessions 4'), atMost(4));
    it.provider.speeds = speeds;
    const { report } = passport(it, URL);
    assert.equal([report?.speed, report?.proposal], [speed, { sessions, weights }]);
    assert.equal(
      it.router.spawned.filter(({ pid }) => it.router.isAlive(pid)),
      [],
      'no download goes on',
    );
  });
}

const unmeasuredRows: [name: string, spoil: (router: Router) => void, code: string][] = [
  ['no program', (router) => router.files.remove('/bin/uclient-fetch'), 'speed_without_program'],
  ['no nft', (router) => router.files.remove('/usr/sbin/nft'), 'speed_without_nft'],
  ['a file that is not there', () => undefined, 'speed_without_data'],
];

for (const [name, spoil, code] of unmeasuredRows) {
  test(`with ${name} speed is not measured, and why is said`, () => {
    const it = scene(line('sessions 2'), () => 'yes');
    spoil(it.router);
    const { state, report } = passport(it, URL);
    assert.equal([state, report?.speed, report?.findings.some((note) => note.code === code)], ['done', 'unmeasured', true]);
  });
}

test.run();
