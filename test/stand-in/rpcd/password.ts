// Passwords of logins: crypt hashes ($1$, $5$, $6$), or `$p$user` for the one in the shadow file.
import { createHash, timingSafeEqual } from 'node:crypto';

/** The shadow hash of a user, `''` for an account without a password, undefined for no such user. */
export type ShadowLookup = (user: string) => string | undefined;

/** An empty hash takes any password. A password in clear is no hash and never matches. */
export function isPasswordRight(hash: string, password: string, shadow: ShadowLookup): boolean {
  if (hash === '') return true;
  if (hash.startsWith('$p$')) {
    const stored = shadow(hash.slice(3));
    return stored !== undefined && isPasswordRight(stored, password, () => undefined);
  }
  const made = crypt(password, hash);
  return made !== undefined && made.length === hash.length && timingSafeEqual(Buffer.from(made), Buffer.from(hash));
}

/** crypt(3) for the methods that OpenWrt's libc has and that people use; undefined for another one. */
export function crypt(password: string, setting: string): string | undefined {
  const md5 = /^\$1\$([^$]{0,8})/.exec(setting);
  if (md5) return md5Crypt(Buffer.from(password), md5[1] ?? '');
  const sha = /^\$([56])\$(?:rounds=(\d+)\$)?([^$]{0,16})/.exec(setting);
  if (!sha) return undefined;
  const rounds = sha[2] === undefined ? undefined : Math.min(Math.max(Number(sha[2]), 1000), 999_999_999);
  return shaCrypt(Buffer.from(password), sha[3] ?? '', sha[1] === '5' ? SHA256 : SHA512, rounds);
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** crypt's own base 64: six bits a sign, the lowest first, of bytes taken in triples from the most significant down. */
function encode(digest: Buffer, triples: readonly (readonly number[])[]): string {
  let text = '';
  for (const places of triples) {
    let value = places.reduce((sum, place) => sum * 256 + (digest[place] ?? 0), 0);
    for (let signs = places.length + 1; signs > 0; signs--, value = Math.floor(value / 64)) text += ALPHABET[value % 64];
  }
  return text;
}

function hash(name: string, ...parts: (Buffer | string)[]): Buffer {
  const sum = createHash(name);
  for (const part of parts) sum.update(part);
  return sum.digest();
}

const repeated = (block: Buffer, length: number) => Buffer.alloc(length, block);

function md5Crypt(password: Buffer, salt: string): string {
  const inner = hash('md5', password, salt, password);
  const parts: (Buffer | string)[] = [password, '$1$', salt, password.length > 0 ? repeated(inner, password.length) : ''];
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? Buffer.from([0]) : password.subarray(0, 1));
  let digest = hash('md5', ...parts);
  for (let round = 0; round < 1000; round++) {
    const isOdd = round % 2 === 1;
    digest = hash('md5', isOdd ? password : digest, round % 3 ? salt : '', round % 7 ? password : '', isOdd ? digest : password);
  }
  const triples = [0, 1, 2, 3, 4].map((i) => [i, i + 6, i === 4 ? 5 : i + 12]);
  return `$1$${salt}$${encode(digest, [...triples, [11]])}`;
}

type ShaVariant = { name: string; prefix: string; triples: number[][] };

const SHA256: ShaVariant = {
  name: 'sha256',
  prefix: '$5$',
  triples: [...Array.from({ length: 10 }, (_, i) => rotate([i, i + 10, i + 20], i * 2)), [31, 30]],
};

const SHA512: ShaVariant = {
  name: 'sha512',
  prefix: '$6$',
  triples: [...Array.from({ length: 21 }, (_, i) => rotate([i, i + 21, i + 42], i)), [63]],
};

function rotate(places: number[], by: number): number[] {
  return places.map((_, i) => places[(i + by) % 3] ?? 0);
}

function shaCrypt(password: Buffer, salt: string, { name, prefix, triples }: ShaVariant, rounds?: number): string {
  const alternate = hash(name, password, salt, password);
  const parts: (Buffer | string)[] = [password, salt, repeatedOrNone(alternate, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : password);
  let digest = hash(name, ...parts);
  const p = repeatedOrNone(hash(name, ...Array<Buffer>(password.length).fill(password)), password.length);
  const s = repeatedOrNone(hash(name, ...Array<string>(16 + (digest[0] ?? 0)).fill(salt)), Buffer.byteLength(salt));
  for (let round = 0; round < (rounds ?? 5000); round++) {
    const isOdd = round % 2 === 1;
    digest = hash(name, isOdd ? p : digest, round % 3 ? s : '', round % 7 ? p : '', isOdd ? digest : p);
  }
  return `${prefix}${rounds === undefined ? '' : `rounds=${rounds}$`}${salt}$${encode(digest, triples)}`;
}

function repeatedOrNone(block: Buffer, length: number): Buffer {
  return length > 0 ? repeated(block, length) : Buffer.alloc(0);
}
