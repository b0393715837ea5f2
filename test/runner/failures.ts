// What failed, in few lines: the end of a long run is often all that somebody sees of it.

const LINES_EACH = 8;

/** The names and messages of the failed tests and hooks in the output of one suite, without their stacks. */
export function failures(output: string): string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const found: string[] = [];
  lines.forEach((line, index) => {
    if (!/^ {3}FAIL {2}|: (before|after)( each)? failed: /.test(line)) return;
    const next = lines.slice(index + 1);
    const stack = next.findIndex((text) => /^ {4}at /.test(text));
    const message = next.slice(0, stack === -1 ? undefined : stack).filter((text) => text.trim() !== '');
    found.push(line.trim(), ...message.slice(0, LINES_EACH).map((text) => `  ${text.trim()}`));
  });
  return found;
}
