// Finds the commands in a sentence that says how to mend something, so that they can be copied.

/** Chinese and Japanese characters with their punctuation: none of our commands has any. */
const FULL_WIDTH = '[\\u3000-\\u30ff\\u3400-\\u9fff\\uff00-\\uffef]';

/** Words that only ever begin a command in our sentences. */
const START = [
  'uci (?:set|add_list|del_list|delete|rename|commit|revert|changes|show) ',
  'multidial (?:apply|plan|status|doctor|reset)\\b',
  `(?:ifup|ifdown|sleep|nslookup|opkg|apk) (?!${FULL_WIDTH})\\S`,
  'ubus call ',
  'logread -',
  'fw4 (?:reload|restart)',
  'ip link show',
  'iptables -',
  'ls /',
  'grep -r ',
  '/etc/init\\.d/\\w+ ',
].join('|');

/** A command ends with its sentence, at a comma, a bracket, an "or", a semicolon that no command follows, or where another script goes on. */
const COMMAND = new RegExp(`(?<![\\w/.])(?:${START})(?:(?!\\.(?:\\s|$)|,\\s|\\s\\(|\\sor\\s|;\\s(?!${START})|\\s*${FULL_WIDTH}).)*`, 'gu');

export type Part = { text: string; isCommand: boolean };

/** The sentence in parts; put together again they are what it was. */
export function toParts(sentence: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of sentence.matchAll(COMMAND)) {
    if (match.index > from) parts.push({ text: sentence.slice(from, match.index), isCommand: false });
    parts.push({ text: match[0], isCommand: true });
    from = match.index + match[0].length;
  }
  if (from < sentence.length) parts.push({ text: sentence.slice(from), isCommand: false });
  return parts;
}
