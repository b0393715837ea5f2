// The `logger` and `logread` commands.
import { isLevel, renderLogLine } from '../log.ts';
import type { Log, LogLine } from '../log.ts';
import { toBytes, toText } from '../rpcd/cursor.ts';
import type { Command } from './server.ts';

/** `logger [-s] [-t TAG] [-p FACILITY.LEVEL] [TEXT...]`; without a text it takes lines of stdin. */
export function loggerCommand(log: Log): Command {
  return async (args, cli) => {
    const words = args.map(toText);
    let tag = 'root';
    let facility = 'user';
    let level = 'notice';
    let isEcho = false;
    while (/^-./.test(words[0] ?? '')) {
      const option = words.shift();
      if (option === '--') break;
      if (option === '-s') isEcho = true;
      else if (option === '-t') tag = words.shift() ?? tag;
      else if (option === '-p') [facility = facility, level = level] = (words.shift() ?? '').split('.');
      else return 1;
    }
    const write = (text: string) => {
      log.add(tag, text, isLevel(level) ? level : 'notice', facility);
      if (isEcho) cli.err(toBytes(`${tag}: ${text}\n`));
    };
    if (words.length > 0) {
      write(words.join(' '));
      return 0;
    }
    for (let line = await cli.readLine(); line !== undefined; line = await cli.readLine()) write(toText(line.replace(/\n$/, '')));
    return 0;
  };
}

/** `logread [-l COUNT] [-e PATTERN] [-f]`. */
export function logreadCommand(log: Log): Command {
  return async (args, cli) => {
    let pattern: RegExp | undefined;
    let count: number | undefined;
    let isFollowing = false;
    const words = args.map(toText);
    while (words.length > 0) {
      const option = words.shift();
      if (option === '-e') pattern = new RegExp(words.shift() ?? '');
      else if (option === '-l') count = Number(words.shift());
      else if (option === '-f') isFollowing = true;
      else return 1;
    }
    const print = (line: LogLine) => {
      const text = renderLogLine(line);
      if (!pattern || pattern.test(text)) cli.out(toBytes(`${text}\n`));
    };
    for (const line of log.lines(count)) print(line);
    if (!isFollowing) return 0;
    const off = log.follow(print);
    await new Promise<void>((resolve) => cli.signal.addEventListener('abort', () => resolve()));
    off();
    return 0;
  };
}
