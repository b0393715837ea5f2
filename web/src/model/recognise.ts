// Finds the sentence that a finished English text was made of, so that it can be said in another language.
import { t } from '../t.ts';

const quote = (text: string): string => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
/** A name in braces may be anything; what is longest beside them is the closest, and comes first. */
const toPattern = (sentence: string): RegExp => new RegExp(`^${quote(sentence).replace(/\{(\w+)\}/g, '(?<$1>.+?)')}$`, 's');
const wordsOf = (sentence: string): number => sentence.replace(/\{\w+\}/g, '').length;

/** In the language in force, or as it is where it was made of none of `sentences`, which are a table: English is the key for t(). */
export function createRecogniser(sentences: readonly string[]): (text: string) => string {
  const patterns = sentences.toSorted((a, b) => wordsOf(b) - wordsOf(a)).map((sentence) => ({ sentence, pattern: toPattern(sentence) }));
  return (text) => {
    for (const { sentence, pattern } of patterns) {
      const match = pattern.exec(text);
      if (match) return t(sentence, match.groups);
    }
    return t(text);
  };
}
