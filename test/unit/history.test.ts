// The history of a link: held against a naive model over random samples, gaps and restarts; damaged files.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import { spans } from '../../agent/src/contract/index.ts';
import type { Sample, Series, Span } from '../../agent/src/contract/index.ts';
import { HISTORY_BYTES } from '../../agent/src/watch/cells.ts';
import { listHistories, pruneHistories, readHistoryFile, Recorder } from '../../agent/src/watch/history-files.ts';
import { History, readSeries } from '../../agent/src/watch/history.ts';
import { numbers } from '../fake/random.ts';
import type { Random } from '../fake/random.ts';
import { Router } from '../fake/router.ts';
import { test } from '../limit.ts';

const FIELDS = ['rx', 'tx', 'loss', 'latencyMs'] as const;
const UNITS = { rx: 1, tx: 1, loss: 100, latencyMs: 10 };
const LENGTHS: Record<Span, [stepS: number, length: number]> = { '5m': [1, 300], '2h': [10, 720], '7d': [300, 2016] };
const DIRECTORY = '/var/run/multidial/history';
const sample = (rx: number | null, rest: Partial<Sample> = {}): Sample => ({ rx, tx: null, loss: null, latencyMs: null, ...rest });

/** A file in memory, and whoever writes it; `restart` is a new process that has only the file. */
class File {
  bytes: Uint8Array | undefined;
  writes = 0;
  #history = new History();

  record(atMs: number, value: Sample): void {
    for (const { offset, bytes } of this.#history.record(atMs, value)) {
      this.writes += bytes.length;
      if (bytes.length === HISTORY_BYTES) this.bytes = bytes;
      else this.bytes?.set(bytes, offset);
    }
  }

  restart(): void {
    this.#history = new History(this.bytes);
  }
}

const mean = (values: (number | null)[]): number | null => {
  const there = values.filter((value) => value !== null);
  return there.length ? Math.round(there.reduce((sum, value) => sum + value, 0) / there.length) : null;
};

/** All that was ever recorded, in the file's units, and the means over it: no ring, no file, no sums. */
class Model {
  readonly #seconds = new Map<number, Sample>();
  /** Steps of 5 minutes in which there is anything. */
  readonly #busy = new Set<number>();
  #last = -1;

  record(atMs: number, value: Sample): void {
    const second = Math.floor(atMs / 1000);
    if (second === this.#last) return;
    const stored = Object.fromEntries(FIELDS.map((field) => [field, value[field] === null ? null : Math.round(value[field] * UNITS[field])])) as Sample;
    if (this.#last >= 0 && second === this.#last + 2) this.#seconds.set(second - 1, stored);
    this.#seconds.set(second, stored);
    for (const at of [second - 1, second]) if (this.#seconds.has(at)) this.#busy.add(Math.floor(at / 300));
    this.#last = second;
  }

  #cell(span: Span, step: number, field: keyof Sample): number | null {
    if (span === '5m') return this.#seconds.get(step)?.[field] ?? null;
    if (span === '7d' && !this.#busy.has(step)) return null;
    const [finer, count] = span === '2h' ? (['5m', 10] as const) : (['2h', 30] as const);
    return mean(Array.from({ length: count }, (_, index) => this.#cell(finer, step * count + index, field)));
  }

  /** The newest step that anything was recorded in and that is over: by the last of its finer ones, or by a later one. */
  newest(span: Span): number {
    if (span === '5m') return this.#last;
    const [finer, count, seconds] = span === '2h' ? (['5m', 10, 10] as const) : (['2h', 30, 300] as const);
    let step = Math.floor((this.newest(finer) + 1) / count) - 1;
    const isEmpty = () => Array.from({ length: seconds }, (_, index) => step * seconds + index).every((second) => !this.#seconds.has(second));
    while (step >= 0 && isEmpty()) step--;
    return step;
  }

  read(span: Span, nowMs: number, width = 1): Series {
    const [stepS, length] = LENGTHS[span];
    const newest = this.newest(span);
    const now = Math.floor(nowMs / 1000 / stepS);
    const end = newest >= 0 && newest >= now - 2 ? newest : now;
    // Groups of steps are counted from a week before boot.
    const before = 604_800 / stepS;
    const last = Math.floor((end + before) / width);
    const valuesOf = (field: keyof Sample) =>
      Array.from({ length: Math.ceil(length / width) }, (_, index) => {
        const first = (last - Math.ceil(length / width) + 1 + index) * width - before;
        const steps = Array.from({ length: width }, (__, offset) => first + offset);
        const stored = mean(steps.map((step) => (step >= 0 && step <= newest && step > newest - length ? this.#cell(span, step, field) : null)));
        return stored === null ? null : stored / UNITS[field];
      });
    return {
      stepS: stepS * width,
      endMs: ((last + 1) * width - before) * stepS * 1000,
      rx: valuesOf('rx'),
      tx: valuesOf('tx'),
      loss: valuesOf('loss'),
      latencyMs: valuesOf('latencyMs'),
    };
  }
}

function randomSample(random: Random): Sample {
  const maybe = (value: number): number | null => (random.chance(80) ? value : null);
  return {
    rx: maybe(random.below(2 ** 31)),
    tx: maybe(random.below(1000)),
    loss: maybe(random.below(10_001) / 100),
    latencyMs: maybe(random.below(60_000) / 10),
  };
}

/** `make test` asks the same each time, `make properties` another thing. */
const SEED = Number(process.env['SEED'] ?? 77);
const GAPS_S = [2, 3, 9, 10, 11, 290, 299, 300, 301, 3000, 7199, 7200, 20_000, 604_799, 604_801];

test(`random samples, gaps and restarts read as a naive model says (SEED=${SEED})`, () => {
  const random = numbers(SEED);
  for (let round = 0; round < 8; round++) {
    const [file, model] = [new File(), new Model()];
    let atMs = random.below(2) * 1_000_000_000 + random.below(100_000);
    for (let step = 0; step < 2_500; step++) {
      const isAway = random.chance(1);
      atMs += isAway ? random.pick(GAPS_S) * 1000 : random.pick([1000, 1000, 1000, 1003, 990, 500]);
      const value = randomSample(random);
      file.record(atMs, value);
      model.record(atMs, value);
      if (random.chance(1)) file.restart();
      if (!isAway && random.below(150) > 0 && step !== 2_499) continue;
      const nowMs = atMs + random.pick([0, 400, 1000, 2500, 9000, 400_000, 8_000_000]);
      const span = random.pick(spans);
      const points = random.pick([undefined, 1, 7, 60, 299, 3000]);
      const width = Math.max(1, Math.ceil(LENGTHS[span][1] / (points ?? 3000)));
      const [read, expected] = [readSeries(file.bytes, span, nowMs, points), model.read(span, nowMs, width)];
      const at = FIELDS.flatMap((field) => expected[field].findIndex((value, index) => value !== read[field][index]));
      assert.equal(
        [read.stepS, read.endMs, read.rx.length, at],
        [expected.stepS, expected.endMs, expected.rx.length, [-1, -1, -1, -1]],
        `${span}, ${points} points, round ${round}, step ${step}`,
      );
    }
  }
});

test('eight links take well under a megabyte, and a second of one less than 100 bytes of writes', () => {
  const file = new File();
  file.record(1000, sample(1));
  file.writes = 0;
  for (let second = 2; second <= 3601; second++) file.record(second * 1000, sample(second));
  assert.ok(HISTORY_BYTES * 8 < 300_000, `${HISTORY_BYTES} bytes a link`);
  assert.is(file.bytes?.length, HISTORY_BYTES);
  assert.ok(file.writes / 3600 < 100, `${file.writes / 3600} bytes a second`);
});

const valueRows: [title: string, given: Sample, read: Sample][] = [
  ['nothing measured', sample(null), sample(null)],
  ['zeros', { rx: 0, tx: 0, loss: 0, latencyMs: 0 }, { rx: 0, tx: 0, loss: 0, latencyMs: 0 }],
  ['fractions', { rx: 1.4, tx: 1.6, loss: 33.333, latencyMs: 12.34 }, { rx: 1, tx: 2, loss: 33.33, latencyMs: 12.3 }],
  ['more than fits', { rx: 1e12, tx: 2 ** 32, loss: 250, latencyMs: 1e6 }, { rx: 0xfffffffe, tx: 0xfffffffe, loss: 100, latencyMs: 6553.4 }],
  ['less than nothing', { rx: -5, tx: -1, loss: -1, latencyMs: -0.1 }, { rx: 0, tx: 0, loss: 0, latencyMs: 0 }],
  ['no numbers', { rx: NaN, tx: Infinity, loss: NaN, latencyMs: -Infinity }, sample(null)],
];
for (const [title, given, read] of valueRows) {
  test(`a sample with ${title} reads as what can be stored`, () => {
    const file = new File();
    file.record(5000, given);
    const series = readSeries(file.bytes, '5m', 5000);
    assert.equal(Object.fromEntries(FIELDS.map((field) => [field, series[field].at(-1)])), read);
    assert.is(series.rx.filter((value) => value !== null).length, read.rx === null ? 0 : 1);
  });
}

const filled = (): File => {
  const file = new File();
  for (let second = 1; second <= 700; second++) file.record(second * 1000, sample(second));
  return file;
};
/** With the checksum that belongs to it. */
const checked = (bytes: Uint8Array): Uint8Array => {
  new DataView(bytes.buffer).setUint32(
    16,
    bytes.subarray(0, 16).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5),
    true,
  );
  return bytes;
};
const damageRows: [title: string, damage: (bytes: Uint8Array) => Uint8Array | undefined][] = [
  ['missing', () => undefined],
  ['empty', () => new Uint8Array()],
  ['cut off', (bytes) => bytes.slice(0, -1)],
  ['too long', (bytes) => Uint8Array.from([...bytes, 0])],
  ['all zeros', (bytes) => new Uint8Array(bytes.length)],
  ['of another version', (bytes) => checked(bytes.with(0, 1))],
  ['damaged in a step of its header', (bytes) => bytes.with(9, 1 ^ (bytes[9] ?? 0))],
  ['damaged in its checksum', (bytes) => bytes.with(17, 1 ^ (bytes[17] ?? 0))],
];
for (const [title, damage] of damageRows) {
  test(`a file that is ${title} is a new, empty history`, () => {
    const file = filled();
    file.bytes = damage(file.bytes as Uint8Array);
    assert.is(readSeries(file.bytes, '5m', 700_000).rx.filter((value) => value !== null).length, 0);
    file.restart();
    file.record(701_000, sample(7));
    assert.equal(readSeries(file.bytes, '5m', 701_000).rx.slice(-3), [null, null, 7]);
    assert.is(readSeries(file.bytes, '2h', 701_000).rx.filter((value) => value !== null).length, 0);
  });
}

test('a file from before a reboot, whose clock was ahead, shows nothing and is begun anew', () => {
  const file = filled();
  assert.is(readSeries(file.bytes, '5m', 20_000).rx.filter((value) => value !== null).length, 0);
  file.restart();
  file.record(20_000, sample(9));
  assert.equal(readSeries(file.bytes, '5m', 20_000).rx.slice(-2), [null, 9]);
  assert.equal(new Set(readSeries(file.bytes, '2h', 20_000).rx), new Set([null]));
});

test('killed before the header is written, a reader and the next process lose that second and nothing else', () => {
  for (const kept of [0, 1, 2]) {
    const file = filled();
    const before = readSeries(file.bytes, '5m', 700_000);
    const history = new History(file.bytes);
    for (const { offset, bytes } of history.record(701_000, sample(9)).slice(0, kept)) if (bytes.length < 20) file.bytes?.set(bytes, offset);
    assert.equal(readSeries(file.bytes, '5m', 700_000).rx.slice(1), before.rx.slice(1));
    file.restart();
    file.record(702_000, sample(5));
    assert.equal(readSeries(file.bytes, '5m', 702_000).rx.slice(-3), [700, 5, 5]);
  }
});

const aRecordedRouter = (): Router => {
  const router = new Router();
  router.run((system) => {
    const recorder = new Recorder(system, 'wan_01');
    for (const rx of [5, 6, 7]) {
      router.nowMs += 1000;
      recorder.record(router.nowMs, sample(rx));
    }
  });
  return router;
};

test('a recorder goes on with the file of a former process, which only its owner may read', () => {
  const router = aRecordedRouter();
  assert.equal([router.files.modeOf(DIRECTORY), router.files.modeOf(`${DIRECTORY}/wan_01`)], [0o700, 0o600]);
  router.nowMs += 1000;
  router.run((system) => {
    new Recorder(system, 'wan_01').record(router.nowMs, sample(4));
    assert.equal(readSeries(readHistoryFile(system, 'wan_01'), '5m', router.nowMs).rx.slice(-4), [5, 6, 7, 4]);
  });
});

test('a recorder whose file was taken away says so once, and makes it anew a minute later', () => {
  const router = new Router();
  router.run((system) => {
    const recorder = new Recorder(system, 'wan_01');
    recorder.record(1000, sample(1));
    router.files.remove(`${DIRECTORY}/wan_01`);
    const told = Array.from({ length: 70 }, (_, index) => recorder.record((index + 2) * 1000, sample(index)));
    assert.equal(
      told.flatMap((error, index) => (error ? [[index, error.reason]] : [])),
      [[0, 'No such file or directory']],
    );
    assert.equal(readSeries(readHistoryFile(system, 'wan_01'), '5m', 71_000).rx.slice(-12, -8), [null, null, 60, 61]);
  });
});

test('the histories of links that are no more are removed', () => {
  const router = aRecordedRouter();
  router.run((system) => {
    new Recorder(system, 'wan_02').record(1000, sample(1));
    assert.equal(listHistories(system), ['wan_01', 'wan_02']);
    pruneHistories(system, ['wan_02', 'wan_03'], false);
    assert.equal(listHistories(system), ['wan_02']);
  });
});

test.run();
