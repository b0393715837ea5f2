// The chart in numbers: round marks that fit their units, curves as paths with their gaps, and what is pointed at.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { PLANE_PX, toGrid, toPaths, toPlace, toScale, toTimeMarks, toXs, type Values } from '../../web/src/model/chart.ts';
import { formatAgo, formatTick } from '../../web/src/model/format.ts';
import { latencyText, percentText } from '../../web/src/model/link-words.ts';

const scaleOf = (least: number, ...curves: Values[]) => toScale({ least, curves: curves.map((values) => ({ values, look: '' })) });

const scales = suite('scales');
for (const [what, toText, least, values, texts] of [
  ['nothing measured', formatTick, 1000, [], ['0', '200 bit/s', '400 bit/s', '600 bit/s', '800 bit/s', '1 kbit/s']],
  ['only gaps', formatTick, 1000, [null, null], ['0', '200 bit/s', '400 bit/s', '600 bit/s', '800 bit/s', '1 kbit/s']],
  ['zero all along', formatTick, 1000, [0, 0, 0], ['0', '200 bit/s', '400 bit/s', '600 bit/s', '800 bit/s', '1 kbit/s']],
  ['one value', formatTick, 1000, [9.6e6], ['0', '5 Mbit/s', '10 Mbit/s']],
  ['hundreds of kbit/s', formatTick, 1000, [null, 870e3, 12e3], ['0', '200 kbit/s', '400 kbit/s', '600 kbit/s', '800 kbit/s']],
  ['across a unit', formatTick, 1000, [1.2e6], ['0', '500 kbit/s', '1 Mbit/s']],
  ['tens of Mbit/s', formatTick, 1000, [43e6], ['0', '10 Mbit/s', '20 Mbit/s', '30 Mbit/s', '40 Mbit/s']],
  ['Gbit/s', formatTick, 1000, [2.5e9], ['0', '1 Gbit/s', '2 Gbit/s']],
  ['a quick answer', latencyText, 10, [0.4], ['0 ms', '2 ms', '4 ms', '6 ms', '8 ms', '10 ms']],
  ['a slow answer', latencyText, 10, [812], ['0 ms', '200 ms', '400 ms', '600 ms', '800 ms']],
  ['some loss', percentText, 10, [3], ['0 %', '2 %', '4 %', '6 %', '8 %', '10 %']],
  ['nothing comes through', percentText, 10, [100], ['0 %', '50 %', '100 %']],
] as const) {
  scales(`${what}: ${texts.at(-1)} is the highest mark`, () => {
    assert.equal(scaleOf(least, values).marks.map(toText), texts);
  });
}

scales('the highest curve of an axis leaves a tenth of room', () => {
  assert.equal(scaleOf(10, [100, null], [null, 200]).top, 220.00000000000003);
  assert.is(scaleOf(10, [9]).top, 10);
});

scales('marks are 1, 2 or 5 times a power of ten, two to five of them besides 0, whatever was measured', () => {
  for (let most = 1; most < 2e9; most *= 1.037) {
    const { top, marks } = scaleOf(1, [most]);
    const step = marks[1] ?? 0;
    assert.match(step.toExponential(6), /^[125]\.000000e/, `${most}`);
    assert.ok(marks.length >= 3 && marks.length <= 6, `${marks.length} marks for ${most}`);
    assert.ok((marks.at(-1) ?? 0) <= top && (marks.at(-1) ?? 0) + step > top, `the marks reach up to ${top}`);
  }
});
scales.run();

const times = suite('times');
for (const [windowS, widthPx, texts] of [
  [60, 900, ['−1 min', '−45 s', '−30 s', '−15 s', 'now']],
  [60, 190, ['−1 min', '−30 s', 'now']],
  [137, 900, ['−2 min', '−90 s', '−1 min', '−30 s', 'now']],
  [300, 900, ['−5 min', '−4 min', '−3 min', '−2 min', '−1 min', 'now']],
  [300, 230, ['−4 min', '−2 min', 'now']],
  [7200, 900, ['−2 h', '−90 min', '−1 h', '−30 min', 'now']],
  [7200, 200, ['−2 h', '−1 h', 'now']],
  [604_800, 900, ['−7 d', '−6 d', '−5 d', '−4 d', '−3 d', '−2 d', '−1 d', 'now']],
  [604_800, 230, ['−6 d', '−4 d', '−2 d', 'now']],
  [602_784, 180, ['−4 d', 'now']],
  [300, 60, ['−5 min', 'now']],
  [300, 40, ['now']],
  [1, 900, ['now']],
] as const) {
  times(`${windowS} s on ${widthPx} px: ${texts.join(', ')}`, () => {
    assert.equal(toTimeMarks(windowS, widthPx).map(formatAgo), texts);
  });
}

times('now stands at the right edge, the window’s beginning at the left', () => {
  assert.equal(toXs({ times: [1000, 1020, 1066.667, 1120], windowS: 120 }, 300), [0, 50, 166.7, 300]);
  assert.equal(toXs({ times: [], windowS: 60 }, 300), []);
  assert.equal(toXs({ times: [7], windowS: 60 }, 300), [300]);
});
times.run();

const paths = suite('paths');
const xs = [0, 10, 20, 30, 40];
for (const [what, values, line, ground] of [
  ['nothing measured', [null, null, null, null, null], '', ''],
  ['a whole curve', [0, 25, 50, 100, 10], 'M0 180 10 135 20 90 30 0 40 162', 'M0 180 10 135 20 90 30 0 40 162V180H0Z'],
  ['a gap', [50, 50, null, 25, 25], 'M0 90 10 90M30 135 40 135', 'M0 90 10 90V180H0ZM30 135 40 135V180H30Z'],
  ['gaps at both ends', [null, 50, 25, null, null], 'M10 90 20 135', 'M10 90 20 135V180H10Z'],
  ['a value alone is a dot', [null, 50, null, null, 25], 'M10 90h0M40 135h0', 'M10 90V180H10ZM40 135V180H40Z'],
  ['zero is no gap', [0, 0, 0, 0, 0], 'M0 180 10 180 20 180 30 180 40 180', 'M0 180 10 180 20 180 30 180 40 180V180H0Z'],
  ['fewer values than times', [50], 'M0 90h0', 'M0 90V180H0Z'],
  ['tenths of a pixel', [33.333, 66.667, null, null, null], 'M0 120 10 60', 'M0 120 10 60V180H0Z'],
  ['and no more', [33, 33.28, null, null, null], 'M0 120.6 10 120.1', 'M0 120.6 10 120.1V180H0Z'],
] as const) {
  paths(what, () => {
    assert.equal(toPaths(xs, values, 100), { line, ground });
  });
}

paths('the grid lies in the middle of pixels and inside of the plane', () => {
  assert.is(toGrid({ top: 110, marks: [0, 50, 100] }, [60, 30, 0], 60, 301), 'M0 179.5H301M0 97.5H301M0 15.5H301M0.5 0V180M150.5 0V180M300.5 0V180');
  assert.is(toGrid({ top: 1000, marks: [0, 1000] }, [0], 60, 200.4), `M0 179.5H200.4M0 0.5H200.4M199.5 0V${PLANE_PX}`);
});
paths.run();

const places = suite('places');
places('what is pointed at is the nearest of what was measured, wherever it stands', () => {
  const data = { times: [940, 970, 990, 1000], windowS: 60 };
  for (const [part, place] of [
    [0, 0],
    [0.24, 0],
    [0.26, 1],
    [0.7, 2],
    [0.9, 2],
    [0.95, 3],
    [1, 3],
    [-3, 0],
    [7, 3],
  ] as const) {
    assert.is(toPlace(data, part), place, `at ${part}`);
  }
  assert.is(toPlace({ times: [5], windowS: 60 }, 0), 0);
  assert.is(toPlace({ times: [], windowS: 60 }, 0.5), undefined);
});
places.run();
