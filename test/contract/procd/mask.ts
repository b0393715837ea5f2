// What differs from run to run, and from machine to machine, in what procd's commands print: made the same in both texts.

/** glibc's complaint about a library that the recorded system did not have. */
const NOISE = /^.*daemon\.err .*LD_PRELOAD cannot be preloaded.*\n/gm;
const LOG_LINE = /^\w{3} \w{3} +\d+ [\d:]{8} \d{4} (?=\w+\.\w+ )/;

export function mask(text: string): string {
  const masked = text
    .replace(NOISE, '')
    .replace(/\b\d{2,}\.\d\d\b/g, 'UPTIME')
    .replace(/^(real|user|sys)\t.*$/gm, '$1')
    .replace(/\b(demod|pid) \d+/g, '$1 PID')
    .replace(/demod\[\d+\]/g, 'demod[PID]')
    .replace(/"pid": \d+/g, '"pid": PID')
    .replace(/ppid=\d+/g, 'ppid=PID')
    .replace(/^\d{3,}$/gm, 'PID')
    .replace(/'service' @[0-9a-f]{8}/, "'service' @ID")
    .replace(/\d+ seconds since last crash/g, 'N seconds since last crash');
  return orderLog(orderHooks(masked.split('\n'))).join('\n');
}

/**
 * The init script goes on while procd starts and ends processes, so a hook that follows the call to procd may be written
 * down before or after the first words of those: it is put right behind the hook that comes before the call.
 */
function orderHooks(lines: string[]): string[] {
  const ordered: string[] = [];
  for (const line of lines) {
    const before = { 'UPTIME service_started': 'UPTIME start_service', 'UPTIME service_stopped': 'UPTIME stop_service' }[line];
    const at = before === undefined ? -1 : ordered.findLastIndex((known) => known.startsWith(before));
    ordered.splice(at < 0 ? ordered.length : at + 1, 0, line);
  }
  return ordered;
}

/** Log lines without their date, by level: stdout and stderr are two pipes, and which is read first is chance. */
function orderLog(lines: string[]): string[] {
  const at = lines.findIndex((line) => LOG_LINE.test(line));
  if (at < 0) return lines;
  const log = lines.filter((line) => LOG_LINE.test(line)).map((line) => line.replace(LOG_LINE, ''));
  const rest = lines.filter((line) => !LOG_LINE.test(line));
  return rest.toSpliced(at, 0, ...log.toSorted());
}

/** `logread | tail -N` reached less far back in the recording, where the noise took most of the lines: the last ones count. */
export function cutLog(text: string, count: number): string {
  const lines = text.split('\n');
  const log = lines.filter((line) => LOG_LINE.test(line));
  const dropped = new Set(log.slice(0, Math.max(0, log.length - count)));
  return lines.filter((line) => !dropped.has(line)).join('\n');
}

export function countLog(text: string): number {
  return text
    .replace(NOISE, '')
    .split('\n')
    .filter((line) => LOG_LINE.test(line)).length;
}
