// JSON as libubox and json-c have it: 64-bit integers kept, six decimals for floats, strings that end at a NUL.

/** A number written with a point or an exponent whose value is whole: it is a double on the bus all the same. */
export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type Json = null | boolean | number | bigint | string | Double | Json[] | { [key: string]: Json };

export class JsonError extends Error {}

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Parses the first value of a text. What follows it is ignored, as a tokenizer that is asked for one value does. */
export function parseJson(text: string): Json {
  const parser = new Parser(text);
  return parser.value();
}

class Parser {
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #skip(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #take(literal: string): boolean {
    this.#skip();
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  value(): Json {
    this.#skip();
    if (this.#take('{')) return this.#object();
    if (this.#take('[')) return this.#array();
    if (this.#text[this.#at] === '"') return this.#string();
    if (this.#take('true')) return true;
    if (this.#take('false')) return false;
    if (this.#take('null')) return null;
    return this.#number();
  }

  #object(): Json {
    const object: { [key: string]: Json } = {};
    if (this.#take('}')) return object;
    do {
      this.#skip();
      const key = this.#string();
      if (!this.#take(':')) throw new JsonError();
      Object.defineProperty(object, key, { value: this.value(), enumerable: true, writable: true, configurable: true });
    } while (this.#take(','));
    if (!this.#take('}')) throw new JsonError();
    return object;
  }

  #array(): Json {
    const items: Json[] = [];
    if (this.#take(']')) return items;
    do items.push(this.value());
    while (this.#take(','));
    if (!this.#take(']')) throw new JsonError();
    return items;
  }

  #string(): string {
    const raw = this.#match(/"(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt])*"/y);
    if (raw === undefined) throw new JsonError();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
    const escaped = raw.replace(/[\0-\x1f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const text = JSON.parse(escaped) as string;
    // Strings travel over the bus with a NUL behind them, so one inside cuts the rest off.
    const nul = text.indexOf('\0');
    return nul < 0 ? text : text.slice(0, nul);
  }

  #number(): Json {
    const raw = this.#match(/-?\d+(\.\d+)?([eE][+-]?\d+)?/y);
    if (raw === undefined) throw new JsonError();
    if (/[.eE]/.test(raw)) return Number.isInteger(Number(raw)) ? new Double(Number(raw)) : Number(raw);
    const whole = BigInt(raw);
    const clamped = whole > INT64_MAX ? INT64_MAX : whole < INT64_MIN ? INT64_MIN : whole;
    return Number.isSafeInteger(Number(clamped)) ? Number(clamped) : clamped;
  }
}

const ESCAPES: Record<string, string> = { '\b': '\\b', '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

function renderString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are escaped
  return `"${text.replace(/[\0-\x1f"\\]/g, (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}

function renderScalar(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return renderString(value);
  if (value instanceof Double) return value.value.toFixed(6);
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(6);
  return String(value);
}

/** Renders in one line without blanks, as /ubus answers. */
export function renderJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderJson).join(',')}]`;
  if (typeof value === 'object' && value !== null && !(value instanceof Double)) {
    return `{${entriesOf(value)
      .map(([key, item]) => `${renderString(key)}:${renderJson(item)}`)
      .join(',')}}`;
  }
  return renderScalar(value);
}

/** Renders as the `ubus` CLI prints: tabs, and an empty table or array as an empty indented line. */
export function renderJsonIndented(value: unknown, depth = 0): string {
  const isArray = Array.isArray(value);
  if (!isArray && (typeof value !== 'object' || value === null || value instanceof Double)) return renderScalar(value);
  const inner = '\t'.repeat(depth + 1);
  const items = isArray
    ? value.map((item) => inner + renderJsonIndented(item, depth + 1))
    : entriesOf(value).map(([key, item]) => `${inner}${renderString(key)}: ${renderJsonIndented(item, depth + 1)}`);
  const body = items.length > 0 ? items.join(',\n') : inner;
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  return `${open}\n${body}\n${'\t'.repeat(depth)}${close}`;
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}
