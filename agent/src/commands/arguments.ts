// Arguments of commands that ask about a link: of any type until they were looked at here.
import { isLinkName } from '../contract/index.ts';
import type { Problem } from '../contract/index.ts';

export const invalidArgument = (argument: string, expected: string): Problem => ({
  code: 'argument_invalid',
  severity: 'error',
  details: { argument, expected },
});

/** A link's name: it becomes part of a path, so it must not be able to lead elsewhere. */
export const readLinkArgument = (link: unknown): string | Problem =>
  typeof link === 'string' && isLinkName(link) ? link : invalidArgument('link', 'the name of a link');
