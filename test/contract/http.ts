// Requests sent byte for byte as they were recorded, and the reply taken apart into head and body.
import { connect } from 'node:net';
import type { HttpEntry } from './recording.ts';

export type HttpReply = { head: string; body: string };

/** How long silence must last after the head to count as a call that is never answered. */
const SILENCE_MS = 4000;
const LIMIT_MS = 60_000;

/** The recordings leave out the middle of long bodies: `xxx...[60227 bytes in all]` for requests, `[60000 bytes]` for replies. */
const CUT_REQUEST = /\.\.\.\[\d+ bytes in all\]$/;
const CUT_REPLY = /\.\.\.\[(\d+) bytes\]$/;

/** Fills a cut request up again: the text that was cut is a run of `x`. */
export function wholeRequest(request: string): string {
  if (!CUT_REQUEST.test(request)) return request;
  const start = request.replace(CUT_REQUEST, '');
  const length = Number(/^Content-Length: (\d+)/im.exec(start)?.[1]);
  const have = start.length - (start.indexOf('\r\n\r\n') + 4);
  const end = '"}]}';
  return start + 'x'.repeat(length - have - end.length) + end;
}

/** Cuts a reply as the recorded one was cut. */
export function cutLike(body: string, recorded: string): string {
  const cut = CUT_REPLY.exec(recorded);
  return cut ? `${body.slice(0, cut.index)}...[${Buffer.byteLength(body)} bytes]` : body;
}

export type ExchangeOptions = {
  /** Ends when the other end has fallen silent for so long. */
  silenceMs?: number | undefined;
  /** Ends when all is there that is waited for. */
  isComplete?: (text: string) => boolean;
};

/** Sends bytes and gives everything that comes back until the other end closes. */
export function exchange(port: number, request: string, { silenceMs, isComplete }: ExchangeOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    let silence: NodeJS.Timeout | undefined;
    const finish = (error?: Error) => {
      clearTimeout(limit);
      clearTimeout(silence);
      socket.destroy();
      if (error && parts.length === 0) reject(error);
      else resolve(Buffer.concat(parts).toString('utf8'));
    };
    const limit = setTimeout(() => finish(new Error('no answer')), LIMIT_MS);
    socket.on('data', (part) => {
      parts.push(part);
      clearTimeout(silence);
      if (isComplete?.(Buffer.concat(parts).toString('utf8'))) finish();
      if (silenceMs) silence = setTimeout(finish, silenceMs);
    });
    // A body that is too long is answered while it is still sent, and the connection reset.
    socket.on('error', (error) => finish(error));
    socket.on('close', () => finish());
    socket.write(request);
  });
}

export function parseReply(text: string): HttpReply {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const rest = end < 0 ? '' : text.slice(end + 4);
  return { head, body: /^Transfer-Encoding: chunked/im.test(head) ? dechunked(rest) : rest };
}

function dechunked(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.subarray(at, end).toString(), 16);
    if (end < 0 || !(length > 0)) break;
    parts.push(bytes.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  return Buffer.concat(parts).toString('utf8');
}

export async function send(port: number, { request, error }: HttpEntry): Promise<HttpReply> {
  const isHanging = error?.startsWith('TimeoutError') ?? false;
  return parseReply(await exchange(port, wholeRequest(request), { silenceMs: isHanging ? SILENCE_MS : undefined }));
}
