// What host and guest say to each other: one JSON object a line, over one TCP connection; `id` ties answers to requests.

/** A file to lay down in the guest; parents are made. `link` makes a symbolic link instead. */
export type GuestFile = { path: string; base64: string; mode: number } | { path: string; link: string };

export type Request =
  /** Runs a program: no shell, unless argv starts one. Answers Output lines as they come, then one Exit. */
  | { id: number; argv: string[]; netns?: string; stdin?: string; env?: Record<string, string>; timeoutMs?: number }
  /** Sends a signal to the process group of an earlier request. No answer of its own. */
  | { id: number; signal: string }
  /** Writes files. Answers an Exit. */
  | { id: number; files: GuestFile[] };

export type Output = { id: number; stream: 'stdout' | 'stderr'; text: string };

/** `code` is null for a death by signal; `error` tells what could not even be started. */
export type Exit = { id: number; exit: true; code: number | null; signal: string | null; timedOut: boolean; error?: string };

export type Answer = Output | Exit;

/** The port of the guest's control agent, reached through the host's loopback only. */
export const CONTROL_PORT = 7000;
export const GUEST_ADDRESS = '10.0.2.15';

/** Calls `onLine` for each whole line of a stream of text chunks. */
export function splitLines(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}
