// What a value must be, in words: the agent and its schema say it in English, some of it with figures.
import { createRecogniser } from './recognise.ts';

/** What the contract's checks say beside the schema's own shapes. English is the key for t(). */
const phrases = [
  'a whole number from {min} to {max}',
  'at most {max} bytes',
  'at most {max} items',
  '{count} bytes',
  '{count} items',
  'UTF-8 without control characters',
  'another form',
  '0 or 1',
  'a letter, then letters, digits and _, at most {max} characters',
  'letters, digits and _, at most {max} characters',
];

/** What is none of our phrases, such as a list of choices or what somebody typed, stays as it is. */
export const describeExpected = createRecogniser(phrases);
