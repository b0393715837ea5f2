// How daemons of OpenWrt read arguments: by a policy of names and types, where a wrong type counts as absent.
import { Double } from '../json.ts';
import type { Json } from '../json.ts';
import type { ArgType, Args } from '../bus.ts';

export type WireType = 'string' | 'int8' | 'int32' | 'int64' | 'double' | 'table' | 'array' | 'unspec';

/** The type a JSON value takes on the bus: whole numbers are 32-bit while they fit, booleans are 8-bit numbers. */
export function wireType(value: unknown): WireType {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'int8';
  if (value instanceof Double) return 'double';
  if (typeof value === 'bigint') return 'int64';
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return 'double';
    return value >= -(2 ** 31) && value < 2 ** 31 ? 'int32' : 'int64';
  }
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' && value !== null ? 'table' : 'unspec';
}

const SPELLED: Record<ArgType, WireType | undefined> = {
  string: 'string',
  int8: 'int8',
  bool: 'int8',
  int16: undefined,
  int32: 'int32',
  int64: 'int64',
  double: 'double',
  table: 'table',
  array: 'array',
  unknown: undefined,
};

export function readString(args: Args, name: string): string | undefined {
  return pick(args, name, 'string') as string | undefined;
}

export function readInt(args: Args, name: string): number | undefined {
  return pick(args, name, 'int32') as number | undefined;
}

export function readBool(args: Args, name: string): boolean | undefined {
  return pick(args, name, 'bool') as boolean | undefined;
}

export function readTable(args: Args, name: string): Record<string, Json> | undefined {
  return pick(args, name, 'table') as Record<string, Json> | undefined;
}

export function readArray(args: Args, name: string): Json[] | undefined {
  return pick(args, name, 'array') as Json[] | undefined;
}

function pick(args: Args, name: string, type: ArgType): unknown {
  const value = args[name];
  return wireType(value) === SPELLED[type] ? value : undefined;
}
