// One link's history over 5 minutes, 2 hours and 7 days: which bytes of its file a sample changes, and how it is read. Pure.
import type { Sample, Series, Span } from '../contract/index.ts';
import {
  beginOf,
  blankBytes,
  fields,
  NO_STEP,
  offsetOf,
  parseHeader,
  perUnitOf,
  renderBlank,
  renderCell,
  renderHeader,
  RINGS,
  stepAt,
  storedAt,
  viewOf,
} from './cells.ts';
import type { Bytes, Field, Newest, Ring, RingIndex } from './cells.ts';

/** `bytes` go to `offset` of the file; HISTORY_BYTES of them are a whole file, to be made or replaced. */
export type Write = { offset: number; bytes: Bytes };

const RING_OF: Record<Span, RingIndex> = { '5m': 0, '2h': 1, '7d': 2 };
/** The ring whose cells are averaged into a coarser one's. */
const FINER = { 1: 0, 2: 1 } as const;
const COARSER = { 0: 1, 1: 2 } as const;
const perStep = (index: 1 | 2): number => RINGS[index].stepS / RINGS[FINER[index]].stepS;

/** The mean of cells, of each value over those that have it. */
class Mean {
  readonly #sums: Record<Field, number> = { rx: 0, tx: 0, loss: 0, latencyMs: 0 };
  readonly #counts: Record<Field, number> = { rx: 0, tx: 0, loss: 0, latencyMs: 0 };

  add(view: DataView, offset: number): void {
    for (const field of fields) {
      const stored = storedAt(view, offset, field);
      if (stored === null) continue;
      this.#sums[field] += stored;
      this.#counts[field]++;
    }
  }

  toSample(): Sample {
    const of = (field: Field): number | null => (this.#counts[field] ? Math.round(this.#sums[field] / this.#counts[field]) / perUnitOf(field) : null);
    return { rx: of('rx'), tx: of('tx'), loss: of('loss'), latencyMs: of('latencyMs') };
  }
}

/** A coarse step that goes on, and the mean so far of its finer cells. */
type OpenStep = { step: number; mean: Mean };

/** The coarse step that went on when the file was last written, as its finer cells tell. */
function reopen(view: DataView, newest: Newest, index: 1 | 2): OpenStep | undefined {
  const last = newest[FINER[index]];
  const step = Math.floor(last / perStep(index));
  if (last === NO_STEP || step <= newest[index]) return undefined;
  const mean = new Mean();
  for (let fine = step * perStep(index); fine <= last; fine++) mean.add(view, offsetOf(RINGS[FINER[index]], fine));
  return { step, mean };
}

/** Cells that nothing was recorded for, from one step to another, as at most two writes. */
function blanks(ring: Ring, from: number, to: number): Write[] {
  if (from > to) return [];
  const untilEnd = ring.length - (from % ring.length);
  const count = to - from + 1;
  const first = { offset: offsetOf(ring, from), bytes: blankBytes(Math.min(count, untilEnd)) };
  return count <= untilEnd ? [first] : [first, { offset: ring.offset, bytes: blankBytes(count - untilEnd) }];
}

/**
 * Records one link's samples. Holds two sums and no sample: all else stands in the file, and from its cells the sums are
 * reckoned again by whoever goes on with it.
 */
export class History {
  #newest: Newest;
  #isNew: boolean;
  readonly #open: { 1?: OpenStep | undefined; 2?: OpenStep | undefined };

  /** `bytes` of the file; without them, or when they are not a history's, it is a new one. */
  constructor(bytes?: Uint8Array) {
    const newest = parseHeader(bytes);
    this.#isNew = !newest;
    this.#newest = newest ?? [NO_STEP, NO_STEP, NO_STEP];
    this.#open = newest && bytes ? { 1: reopen(viewOf(bytes), newest, 1), 2: reopen(viewOf(bytes), newest, 2) } : {};
  }

  /**
   * The writes that a sample of `atMs` (CLOCK_MONOTONIC) takes, in their order; none where its second has a sample already. One
   * second that was skipped gets this sample as well, for its rates reach back to the sample before; a longer
   * absence stays absent. A file from before a reboot, whose clock was ahead, is begun anew.
   */
  record(atMs: number, sample: Sample): Write[] {
    const step = stepAt(RINGS[0], atMs);
    const last = this.#newest[0];
    if (step === last) return [];
    if (step < last) this.#beginAnew();
    const writes: Write[] = this.#isNew ? [{ offset: 0, bytes: renderBlank() }] : [];
    this.#isNew = false;
    const cell = renderCell(sample);
    if (last !== NO_STEP && step === last + 2) this.#put(0, last + 1, cell, writes);
    this.#put(0, step, cell, writes);
    // The header last: whoever reads or is killed before it takes the new cells for the oldest ones, and nothing worse.
    writes.push({ offset: 0, bytes: renderHeader(this.#newest) });
    return writes;
  }

  #beginAnew(): void {
    this.#newest = [NO_STEP, NO_STEP, NO_STEP];
    this.#open[1] = this.#open[2] = undefined;
    this.#isNew = true;
  }

  #put(index: RingIndex, step: number, cell: Bytes, writes: Write[]): void {
    const ring = RINGS[index];
    const newest = this.#newest[index];
    if (newest !== NO_STEP) writes.push(...blanks(ring, Math.max(newest + 1, step - ring.length + 1), step - 1));
    writes.push({ offset: offsetOf(ring, step), bytes: cell });
    this.#newest[index] = step;
    if (index !== 2) this.#add(COARSER[index], step, cell, writes);
  }

  /** A finer cell joins the coarse step it lies in, which is written when its last cell is there or a later one comes. */
  #add(index: 1 | 2, fineStep: number, cell: Bytes, writes: Write[]): void {
    const step = Math.floor(fineStep / perStep(index));
    const before = this.#open[index];
    if (before && before.step !== step) this.#close(index, before, writes);
    const open = before?.step === step ? before : { step, mean: new Mean() };
    open.mean.add(viewOf(cell), 0);
    this.#open[index] = open;
    if ((fineStep + 1) % perStep(index) === 0) this.#close(index, open, writes);
  }

  #close(index: 1 | 2, { step, mean }: OpenStep, writes: Write[]): void {
    this.#open[index] = undefined;
    this.#put(index, step, renderCell(mean.toSample()), writes);
  }
}

/** A ring's newest sample is at most this many steps old while samples are being recorded. */
const FRESH_STEPS = 2;

/**
 * One span as it stands at `nowMs` (CLOCK_MONOTONIC): up to the newest sample, or up to now where that one is old. With `points` the
 * values are means over so many steps that there are at most that many; the newest mean may lack some of its steps.
 */
export function readSeries(bytes: Uint8Array | undefined, span: Span, nowMs: number, points = Number.POSITIVE_INFINITY): Series {
  const ring = RINGS[RING_OF[span]];
  const now = stepAt(ring, nowMs);
  const found = parseHeader(bytes)?.[RING_OF[span]] ?? NO_STEP;
  const newest = found > now + 1 ? NO_STEP : found; // ahead of the clock: from before a reboot
  const end = newest !== NO_STEP && newest >= now - FRESH_STEPS ? newest : now;
  const width = Math.max(1, Math.ceil(ring.length / Math.max(1, points)));
  const count = Math.ceil(ring.length / width);
  const last = Math.floor(end / width); // groups begin at multiples of their width, so that the next call gives the same ones
  const view = viewOf(bytes ?? new Uint8Array());
  const series: Series = { stepS: ring.stepS * width, endMs: beginOf((last + 1) * width, ring.stepS), rx: [], tx: [], loss: [], latencyMs: [] };
  for (let group = last - count + 1; group <= last; group++) {
    const mean = new Mean();
    const first = Math.max(group * width, newest - ring.length + 1, 0);
    for (let step = first; step < (group + 1) * width && step <= newest; step++) mean.add(view, offsetOf(ring, step));
    const sample = mean.toSample();
    for (const field of fields) series[field].push(sample[field]);
  }
  return series;
}
