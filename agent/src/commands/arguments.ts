// Arguments of commands that ask about a link or a connection: of any type until they were looked at here.
import { isLinkName } from '../contract/index.ts';
import type { Problem, Question } from '../contract/index.ts';

export const invalidArgument = (argument: string, expected: string): Problem => ({
  code: 'argument_invalid',
  severity: 'error',
  details: { argument, expected },
});

/** A link's name: it becomes part of a path, so it must not be able to lead elsewhere. */
export const readLinkArgument = (link: unknown): string | Problem =>
  typeof link === 'string' && isLinkName(link) ? link : invalidArgument('link', 'the name of a link');

/** Longer is neither an address nor a protocol, and is not told back. */
const MAX_WORD = 64;
const isWord = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= MAX_WORD;
const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

/** A connection to ask about: here the types, what the words mean is looked at by who answers. */
export function readQuestion({ src, dst, proto, sport, dport }: Record<string, unknown>): Question | Problem {
  if (!isWord(src)) return invalidArgument('src', 'an IPv4 or IPv6 address');
  if (!isWord(dst)) return invalidArgument('dst', 'an address of the same family as src');
  if (!isAbsent(proto) && !isWord(proto)) return invalidArgument('proto', 'tcp, udp, icmp or a number');
  const ports: Pick<Question, 'sport' | 'dport'> = {};
  for (const [name, value] of Object.entries({ sport, dport })) {
    if (isAbsent(value)) continue;
    if (typeof value !== 'number') return invalidArgument(name, 'a number from 1 to 65535');
    ports[name as 'sport' | 'dport'] = value;
  }
  return { src, dst, ...(isAbsent(proto) ? {} : { proto }), ...ports };
}
