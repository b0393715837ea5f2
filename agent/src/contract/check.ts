// The check of values and sections against the schema, which both sides run.
import type { ConfigSection, OptionValue, SectionType } from './config.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { MAX_LINE_NAME, schema, SECTION } from './schema.ts';
import type { OptionSpec } from './schema.ts';

const boolWords: Record<string, boolean> = {
  '1': true,
  on: true,
  true: true,
  yes: true,
  enabled: true,
  '0': false,
  off: false,
  false: false,
  no: false,
  disabled: false,
};

/** uci's booleans, as netifd and the init scripts read them; undefined for any other word. */
export const parseBool = (text: string): boolean | undefined => (Object.hasOwn(boolWords, text.toLowerCase()) ? boolWords[text.toLowerCase()] : undefined);

/** Length in bytes of UTF-8, without TextEncoder, which QuickJS lacks. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

// A control character can't pass through uci batch and pppd's options unharmed; nobody's account has one.
// Bytes that are no UTF-8 are read as U+FFFD or half a surrogate pair, and would be written as something else.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u001f\u007f\ufffd\ud800-\udfff]/u;

type Fault = { code: ProblemCode; details: NonNullable<Problem['details']> };

const invalid = (expected: string, got: string): Fault => ({ code: 'option_invalid', details: { expected, got } });

/** Cut and made printable: a rejected value is shown, and it may be anything. */
export const shown = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?').slice(0, 64);

function checkText(spec: Extract<OptionSpec, { kind: 'text' }>, value: string): Fault | undefined {
  const got = spec.secret ? '***' : shown(value);
  if (CONTROL.test(value)) return invalid('UTF-8 without control characters', got);
  if (utf8Length(value) > spec.maxBytes) return invalid(`at most ${spec.maxBytes} bytes`, spec.secret ? '***' : `${utf8Length(value)} bytes`);
  if (spec.pattern && !spec.pattern.test(value)) return invalid(spec.shape ?? 'another form', got);
  return undefined;
}

/**
 * Checks one value against its spec. Returns undefined where it is good, else a code and details for a Problem.
 */
export function checkValue(spec: OptionSpec, value: OptionValue): Fault | undefined {
  if (spec.kind === 'list') {
    const items = typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : value;
    if (items.length > spec.maxItems) return invalid(`at most ${spec.maxItems} items`, `${items.length} items`);
    const bad = items.find((item) => !spec.isItem(item));
    return bad === undefined ? undefined : invalid(spec.shape, shown(bad));
  }
  if (typeof value !== 'string') return { code: 'option_repeated', details: { count: value.length } };
  switch (spec.kind) {
    case 'bool':
      return parseBool(value) === undefined ? invalid('0 or 1', shown(value)) : undefined;
    case 'choice':
      return spec.choices.includes(value) ? undefined : invalid(spec.choices.join(', '), shown(value));
    case 'integer': {
      const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : NaN;
      return number >= spec.min && number <= spec.max ? undefined : invalid(`a whole number from ${spec.min} to ${spec.max}`, shown(value));
    }
    case 'text':
      return checkText(spec, value);
    default:
      return spec satisfies never;
  }
}

const isKnownType = (type: string): type is SectionType => Object.hasOwn(schema, type);

/** The specs of a section type, by option. */
export const specsOf = (type: SectionType): Record<string, OptionSpec> => schema[type];

function checkName(section: ConfigSection): Problem | undefined {
  const at = `${section.type}.${shown(section.name)}`;
  const rule =
    section.type === 'line'
      ? {
          ok: /^[A-Za-z][A-Za-z0-9_]*$/.test(section.name) && section.name.length <= MAX_LINE_NAME,
          expected: `a letter, then letters, digits and _, at most ${MAX_LINE_NAME} characters`,
        }
      : { ok: SECTION.test(section.name), expected: 'letters, digits and _, at most 32 characters' };
  if (rule.ok) return undefined;
  return { code: 'section_name_invalid', severity: 'error', section: at, details: { expected: rule.expected, got: shown(section.name) } };
}

/**
 * All complaints about one section, errors before warnings. A required secret counts as given when `secrets` names it.
 * Unknown options are warnings: a newer version may know them.
 */
export function checkSection(section: ConfigSection): Problem[] {
  if (!isKnownType(section.type)) {
    return [{ code: 'section_unknown_type', severity: 'warning', section: `${shown(section.type)}.${shown(section.name)}` }];
  }
  const at = `${section.type}.${shown(section.name)}`;
  const specs = specsOf(section.type);
  const named = checkName(section);
  const errors: Problem[] = named ? [named] : [];
  const warnings: Problem[] = [];
  for (const [option, value] of Object.entries(section.options)) {
    const spec = Object.hasOwn(specs, option) ? specs[option] : undefined;
    if (!spec) {
      warnings.push({ code: 'option_unknown', severity: 'warning', section: at, option: shown(option) });
      continue;
    }
    const fault = value.length === 0 ? undefined : checkValue(spec, value);
    if (fault) errors.push({ code: fault.code, severity: 'error', section: at, option, details: fault.details });
  }
  for (const [option, spec] of Object.entries(specs)) {
    if (!spec.required || (spec.required !== true && (section.options[spec.required] ?? '').length > 0)) continue;
    if ((section.options[option] ?? '').length > 0 || section.secrets?.includes(option)) continue;
    errors.push({ code: 'option_missing', severity: 'error', section: at, option });
  }
  return [...errors, ...warnings];
}
