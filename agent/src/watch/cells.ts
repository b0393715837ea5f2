// The bytes of a history file: a header, then three rings of cells of one sample each. Pure.
import type { Sample } from '../contract/index.ts';

// The cell of step N, counted from a week before boot, is number N modulo its ring's length. The header names the newest step of each ring, so
// cells need no time of their own. All numbers are little-endian.

export type Bytes = Uint8Array<ArrayBuffer>;
export type Field = keyof Sample;

export type Ring = { stepS: number; length: number; offset: number };
/** Number of a ring, the finest first. */
export type RingIndex = 0 | 1 | 2;
/** Newest step of each ring. */
export type Newest = [number, number, number];

const CELL_BYTES = 12;
const HEADER_BYTES = 20;
const CHECKED_BYTES = 16;
export const RINGS: readonly [Ring, Ring, Ring] = [
  { stepS: 1, length: 300, offset: HEADER_BYTES },
  { stepS: 10, length: 720, offset: HEADER_BYTES + 300 * CELL_BYTES },
  { stepS: 300, length: 2016, offset: HEADER_BYTES + 1020 * CELL_BYTES },
];
export const HISTORY_BYTES = HEADER_BYTES + 3036 * CELL_BYTES;

/** A week: what was recorded before the last boot has steps as well. A multiple of each ring's length. */
const BEFORE_BOOT_S = 604_800;
/** The step that an instant of CLOCK_MONOTONIC lies in. */
export const stepAt = (ring: Ring, ms: number): number => Math.floor((ms / 1000 + BEFORE_BOOT_S) / ring.stepS);
/** When a step begins, by CLOCK_MONOTONIC. */
export const beginOf = (step: number, stepS: number): number => (step * stepS - BEFORE_BOOT_S) * 1000;

/** "MDH", and the version of what is said here. */
const MAGIC = 0x4d444802;
/** The newest step of a ring without any. */
export const NO_STEP = -1;

/** Where a value stands in its cell, and how many of the stored unit make one of the sample's. Above `max` it is absent. */
const PLACES = {
  rx: { at: 0, isWide: true, perUnit: 1, max: 0xfffffffe },
  tx: { at: 4, isWide: true, perUnit: 1, max: 0xfffffffe },
  loss: { at: 8, isWide: false, perUnit: 100, max: 10_000 },
  latencyMs: { at: 10, isWide: false, perUnit: 10, max: 0xfffe },
} as const satisfies Record<Field, object>;
export const fields = Object.keys(PLACES) as Field[];
const ABSENT = 0xffffffff;

export const perUnitOf = (field: Field): number => PLACES[field].perUnit;
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
export const offsetOf = (ring: Ring, step: number): number => ring.offset + (step % ring.length) * CELL_BYTES;

export function renderCell(sample: Sample): Bytes {
  const view = new DataView(new ArrayBuffer(CELL_BYTES));
  for (const field of fields) {
    const { at, isWide, perUnit, max } = PLACES[field];
    const value = sample[field];
    const stored = value === null || !Number.isFinite(value) ? ABSENT : Math.min(Math.max(Math.round(value * perUnit), 0), max);
    if (isWide) view.setUint32(at, stored, true);
    else view.setUint16(at, stored, true); // of ABSENT the lower half
  }
  return new Uint8Array(view.buffer);
}

/** The value as it is stored; null where it is absent, or nothing that we write. */
export function storedAt(view: DataView, offset: number, field: Field): number | null {
  const { at, isWide, max } = PLACES[field];
  const stored = isWide ? view.getUint32(offset + at, true) : view.getUint16(offset + at, true);
  return stored > max ? null : stored;
}

/** FNV-1a. */
const checksum = (bytes: Uint8Array): number => bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;

export function renderHeader(newest: Newest): Bytes {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  view.setUint32(0, MAGIC, true);
  for (const [index, step] of newest.entries()) view.setInt32(4 + 4 * index, step, true);
  view.setUint32(CHECKED_BYTES, checksum(new Uint8Array(view.buffer, 0, CHECKED_BYTES)), true);
  return new Uint8Array(view.buffer);
}

/** Undefined for a file that is not ours, of another version or damaged. */
export function parseHeader(bytes: Uint8Array | undefined): Newest | undefined {
  if (bytes?.length !== HISTORY_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(CHECKED_BYTES, true) !== checksum(bytes.subarray(0, CHECKED_BYTES))) return undefined;
  return [view.getInt32(4, true), view.getInt32(8, true), view.getInt32(12, true)];
}

/** The same history by a clock that is `byMs` ahead: cells go round their rings, and the finest one is begun anew. */
export function moveHistory(bytes: Bytes, byMs: number): Bytes | undefined {
  const newest = parseHeader(bytes);
  if (!newest || !Number.isFinite(byMs)) return undefined;
  const moved = renderBlank();
  const steps: Newest = [NO_STEP, NO_STEP, NO_STEP];
  for (const index of [1, 2] as const) {
    const ring = RINGS[index];
    const by = Math.floor(byMs / 1000 / ring.stepS);
    const last = newest[index] + by;
    if (newest[index] === NO_STEP || last < 0) continue;
    steps[index] = last;
    for (let step = Math.max(newest[index] - ring.length + 1, -by, 0); step <= newest[index]; step++) {
      const from = offsetOf(ring, step);
      moved.set(bytes.subarray(from, from + CELL_BYTES), offsetOf(ring, step + by));
    }
  }
  moved.set(renderHeader(steps));
  return moved;
}

export const blankBytes = (cells: number): Bytes => new Uint8Array(cells * CELL_BYTES).fill(0xff);

/** A whole file without a sample. */
export function renderBlank(): Bytes {
  const bytes = new Uint8Array(HISTORY_BYTES).fill(0xff);
  bytes.set(renderHeader([NO_STEP, NO_STEP, NO_STEP]));
  return bytes;
}
