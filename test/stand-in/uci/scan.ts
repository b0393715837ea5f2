// The tokenizer that config files, delta files and `uci batch` share: words, quotes, comments, lines.
import { UciError } from './model.ts';
import type { Bytes } from './model.ts';

const NUL = 0;
const isSpace = (char: number) => char === 32 || (char >= 9 && char <= 13);
const code = (char: string) => char.charCodeAt(0);

/** Thrown when a quoted value goes on in a line that has not arrived yet (only with `partial` input). */
export class NeedMoreInput extends Error {}

/**
 * Reads words out of one logical line at a time. As in the real one a word is built in place over the text it is read
 * from; that is why an unquoted `a;b` loses everything behind the semicolon, and a quoted one does not.
 */
export class Scanner {
  line = 0;
  #text: Bytes;
  #offset = 0;
  #partial: boolean;
  #buf: number[] = [NUL];
  #pos = 0;

  constructor(text: Bytes, options: { partial?: boolean; line?: number } = {}) {
    this.#text = text;
    this.#partial = options.partial ?? false;
    this.line = options.line ?? 0;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#text.length;
  }

  /** How much of the text was taken. */
  get consumed(): number {
    return this.#offset;
  }

  /** Starts the next line; false when it is empty because the text ended. */
  nextLine(): boolean {
    this.#pos = 0;
    this.#fetch(0);
    return this.#buf[0] !== NUL;
  }

  /** Only lines that end in a newline are counted, so an error in a last line without one names the line before. */
  #fetch(at: number): void {
    if (this.atEnd && this.#partial) throw new NeedMoreInput();
    const end = this.#text.indexOf('\n', this.#offset);
    const stop = end < 0 ? this.#text.length : end + 1;
    this.#buf.length = at;
    for (let i = this.#offset; i < stop; i++) this.#buf.push(this.#text.charCodeAt(i));
    this.#buf.push(NUL);
    this.#offset = stop;
    if (end >= 0) this.line++;
  }

  get #char(): number {
    return this.#buf[this.#pos] ?? NUL;
  }

  fail(reason: string): never {
    throw new UciError('parse', ` (${reason}) at line ${this.line}, byte ${this.#pos}`);
  }

  skipSpace(): void {
    while (this.#char !== NUL && isSpace(this.#char)) this.#pos++;
  }

  /** The text from here to the end of the line. */
  get rest(): Bytes {
    return this.#string(this.#pos);
  }

  #string(at: number): Bytes {
    const end = this.#buf.indexOf(NUL, at);
    return String.fromCharCode(...this.#buf.slice(at, end < 0 ? undefined : end));
  }

  /** Looks at the command word, which ends at a blank or a tab only (`config` alone on its line is therefore no command). */
  peekCommand(): string | undefined {
    return /^[ \t]*([^ \t]+)/.exec(this.rest)?.[1];
  }

  /** Steps over the command word and the sign behind it; false when the line ends there. */
  skipCommand(): boolean {
    const length = /^[ \t]*[^ \t]+/.exec(this.rest)?.[0].length ?? 0;
    if (this.#pos + length + 1 > this.#buf.length - 1) return false;
    this.#pos += length + 1;
    return true;
  }

  /** The next word, empty at the end of the line or of the command (`;`). */
  word(): Bytes {
    this.skipSpace();
    const start = this.#pos;
    if (this.#char === code(';')) {
      this.#buf[this.#pos++] = NUL;
      return '';
    }
    this.#parseWord();
    return this.#string(start);
  }

  requiredWord(): Bytes {
    return this.word() || this.fail('insufficient arguments');
  }

  #parseWord(): void {
    let target = this.#pos;
    let swallow = true;
    do {
      const char = this.#char;
      if (char === code("'")) target = this.#singleQuoted(target);
      else if (char === code('"')) target = this.#doubleQuoted(target);
      else if (char === code('#')) this.#buf[this.#pos] = NUL;
      else if (char === code(';')) swallow = false;
      else if (char !== NUL && (char !== code('\\') || this.#backslash())) target = this.#copy(target);
      if (char === code('#') || char === code(';') || char === NUL) break;
    } while (this.#char !== NUL && !isSpace(this.#char));
    if (this.#char !== NUL && swallow) this.#pos++;
    this.#buf[target] = NUL;
  }

  #copy(target: number): number {
    this.#buf[target] = this.#char;
    this.#pos++;
    return target + 1;
  }

  #singleQuoted(target: number): number {
    this.#pos++;
    for (;;) {
      if (this.#char === code("'")) break;
      if (this.#char === NUL) this.#continueOr("EOF with unterminated '");
      else target = this.#copy(target);
    }
    this.#pos++;
    return target;
  }

  #doubleQuoted(target: number): number {
    this.#pos++;
    for (;;) {
      if (this.#char === code('"')) break;
      if (this.#char === NUL) this.#continueOr('EOF with unterminated "');
      else if (this.#char !== code('\\') || this.#backslash()) target = this.#copy(target);
    }
    this.#pos++;
    return target;
  }

  #continueOr(reason: string): void {
    this.#fetch(this.#pos);
    if (this.#char === NUL) this.fail(reason);
  }

  /** Steps over a backslash; false when it was the last sign of its line and the next line was fetched instead. */
  #backslash(): boolean {
    this.#pos++;
    const next = this.#buf[this.#pos + 1];
    const isLineEnd = this.#char === NUL || this.#char === code('\n') || (this.#char === code('\r') && next === code('\n'));
    if (isLineEnd) this.#fetch(this.#pos);
    return !isLineEnd;
  }
}
