// The object `file` of rpcd: reading, writing, listing and running what the session's file rights allow.
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { INVALID_ARGUMENT, NOT_FOUND, NOT_SUPPORTED, NO_DATA, OK, PERMISSION_DENIED, UNKNOWN_ERROR } from '../bus.ts';
import type { Args, Code, Methods, Reply, UbusObject } from '../bus.ts';
import { readBool, readInt, readString } from './args.ts';
import { execReply } from './file-exec.ts';
import type { Sessions } from './session.ts';

const MAX_BYTES = 256 * 1024;
/** Files of /proc and /sys say 0 bytes; this much is read of them. */
const UNSIZED_BYTES = 4096;

const SID = { ubus_rpc_session: 'string' } as const;
const PATH = { path: 'string', ...SID } as const;
const RIGHT: Record<string, string> = { read: 'read', write: 'write', list: 'list', lstat: 'list', stat: 'list', md5: 'read', remove: 'write' };

/** Normalises by text alone: symbolic links are not followed, so a link inside an allowed place opens what it points to. */
export function normalise(path: string): string {
  const parts: string[] = [];
  const [first = '', ...rest] = path.split('/');
  for (const part of rest) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return first + (parts.length > 0 || !first ? `/${parts.join('/')}` : '');
}

export class FileObject implements UbusObject {
  readonly name = 'file';
  readonly methods: Methods = {
    read: { path: 'string', base64: 'bool', ...SID },
    write: { path: 'string', data: 'string', append: 'bool', mode: 'int32', base64: 'bool', ...SID },
    list: PATH,
    lstat: PATH,
    stat: PATH,
    md5: PATH,
    remove: PATH,
    exec: { command: 'string', params: 'array', env: 'table', ...SID },
  };
  #root: string;
  #sessions: Sessions;
  #timeoutMs: number;

  constructor(root: string, sessions: Sessions, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#root = root;
    this.#sessions = sessions;
  }

  async call(method: string, args: Args): Promise<Reply> {
    const sid = readString(args, 'ubus_rpc_session');
    const mayDo = (object: string, right: string) => sid === undefined || this.#sessions.isAllowed(sid, 'file', object, right);
    if (method === 'exec') {
      const options = { root: this.#root, isRemote: sid !== undefined, timeoutMs: this.#timeoutMs, mayRun: (command: string) => mayDo(command, 'exec') };
      return execReply(options, args);
    }
    const raw = readString(args, 'path');
    if (raw === undefined) return { code: INVALID_ARGUMENT };
    if (raw === '') return { code: UNKNOWN_ERROR };
    const path = normalise(raw);
    // The right comes first: what is denied is denied whether it exists or not.
    if (!mayDo(path, RIGHT[method] ?? 'read')) return { code: PERMISSION_DENIED };
    try {
      return this.#run(method, path, args);
    } catch (error) {
      return { code: codeOf(error) };
    }
  }

  #run(method: string, path: string, args: Args): Reply {
    const real = join(this.#root, path);
    switch (method) {
      case 'read':
        return read(real, readBool(args, 'base64') ?? false);
      case 'write':
        return { code: write(real, args) };
      case 'list':
        return {
          code: OK,
          data: {
            entries: readdirSync(real).map((name) => ({ name, ...describe(lstatSync(join(real, name)), this.#root), ...target(join(real, name), this.#root) })),
          },
        };
      case 'md5':
        return md5(real);
      case 'remove':
        return { code: remove(real) };
      default:
        return { code: OK, data: { path, ...describe(method === 'stat' ? statSync(real) : lstatSync(real), this.#root) } };
    }
  }
}

function codeOf(error: unknown): Code {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return { EACCES: PERMISSION_DENIED, ENOTDIR: INVALID_ARGUMENT, EINVAL: INVALID_ARGUMENT, ENOENT: NOT_FOUND }[code] ?? UNKNOWN_ERROR;
}

function read(path: string, isBase64: boolean): Reply {
  const { size } = statSync(path);
  if (size >= MAX_BYTES) return { code: NOT_SUPPORTED };
  const buffer = Buffer.alloc(size || UNSIZED_BYTES);
  const fd = openSync(path, 'r');
  let length = 0;
  try {
    length = readSync(fd, buffer);
  } catch {
    return { code: NO_DATA };
  } finally {
    closeSync(fd);
  }
  if (length === 0) return { code: NO_DATA };
  const bytes = buffer.subarray(0, length);
  return { code: OK, data: { data: isBase64 ? bytes.toString('base64') : untilNul(bytes) } };
}

function untilNul(bytes: Buffer): string {
  const nul = bytes.indexOf(0);
  return (nul < 0 ? bytes : bytes.subarray(0, nul)).toString('utf8');
}

/** Writes without the umask, so without `mode` the file is for everybody. Bad base64 is noticed when the file is empty already. */
function write(path: string, args: Args): Code {
  const data = readString(args, 'data');
  if (data === undefined) return INVALID_ARGUMENT;
  const isNew = !statSync(path, { throwIfNoEntry: false });
  const fd = openSync(path, constants.O_CREAT | constants.O_WRONLY | (readBool(args, 'append') ? constants.O_APPEND : constants.O_TRUNC), 0o600);
  try {
    if (isNew) fchmodSync(fd, (readInt(args, 'mode') ?? 0o666) & 0o7777);
    if (readBool(args, 'base64') && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(data)) return PERMISSION_DENIED;
    writeSync(fd, readBool(args, 'base64') ? Buffer.from(data, 'base64') : Buffer.from(data));
    return OK;
  } finally {
    closeSync(fd);
  }
}

function md5(path: string): Reply {
  if (!statSync(path).isFile()) return { code: NOT_SUPPORTED };
  const bytes = readFileSync(path);
  return { code: OK, data: { md5: createHash('md5').update(bytes).digest('hex') } };
}

function remove(path: string): Code {
  if (lstatSync(path).isDirectory()) rmSync(path, { recursive: true });
  else unlinkSync(path);
  return OK;
}

function typeOf(stat: Stats): string {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isCharacterDevice()) return 'char';
  if (stat.isBlockDevice()) return 'block';
  return stat.isFIFO() ? 'fifo' : 'socket';
}

function describe(stat: Stats, root: string): Record<string, unknown> {
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const times = { atime: seconds(stat.atimeMs), mtime: seconds(stat.mtimeMs), ctime: seconds(stat.ctimeMs) };
  const owner = { inode: stat.ino, uid: stat.uid, gid: stat.gid, user: nameIn(root, '/etc/passwd', stat.uid), group: nameIn(root, '/etc/group', stat.gid) };
  return { type: typeOf(stat), size: stat.size, mode: stat.mode, ...times, ...owner };
}

/** What a symbolic link points to, in a listing only. */
function target(path: string, root: string): Record<string, unknown> {
  if (!lstatSync(path).isSymbolicLink()) return {};
  const stat = statSync(path, { throwIfNoEntry: false });
  return { target: { name: readlinkSync(path), ...(stat ? describe(stat, root) : { type: 'broken' }) } };
}

function nameIn(root: string, file: string, id: number): string | undefined {
  try {
    return readFileSync(join(root, file), 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields[2] === String(id))?.[0];
  } catch {
    return undefined;
  }
}
