// The words of one line of `ip -batch`, and how a line is refused.
import type { Refusal } from './kernel.ts';

export class Refused extends Error {}

/** Takes words one after the other; an unknown one ends the line with an error, as in iproute2. */
export class Words {
  #words: string[];

  constructor(line: string) {
    this.#words = line.split(' ');
  }

  get next(): string | undefined {
    return this.#words[0];
  }

  take(): string {
    const word = this.#words.shift();
    if (word === undefined || word === '') throw new Refused('Error: argument missing or empty');
    return word;
  }

  takeNumber(): number {
    const word = this.take();
    if (!/^[0-9]+$/.test(word)) throw new Refused(`Error: argument "${word}" is wrong`);
    return Number(word);
  }

  /** Words in pairs, each at most once. */
  takePairs(known: readonly string[]): Map<string, string> {
    const pairs = new Map<string, string>();
    while (this.next !== undefined && known.includes(this.next) && !pairs.has(this.next)) pairs.set(this.take(), this.take());
    return pairs;
  }

  end(): void {
    if (this.next !== undefined) throw new Refused(`Error: either "to" is duplicate, or "${this.next}" is a garbage.`);
  }
}

export const check = (refusal: Refusal): void => {
  if (refusal) throw new Refused(refusal);
};

export const numberOf = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));
