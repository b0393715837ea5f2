// What varies from run to run and from machine to machine, taken out of recorded and replayed text alike.
import { userInfo } from 'node:os';

type Mask = readonly [RegExp, string];

const BODY_MASKS: Mask[] = [
  [/"expires":\d+/g, '"expires":0'],
  [/"([amc]time|inode)":\d+/g, '"$1":0'],
  [/"type":"(directory|symlink)","size":\d+/g, '"type":"$1","size":0'],
  [/"object":\{"id":\d+/g, '"object":{"id":0'],
];

const DATE = String.raw`(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \+0000)`;
/** A line of `ls -l`: the recorded machine was busybox on another file system, so widths and sizes of directories go. */
const LS_LINE = new RegExp(String.raw`^( *\d+ )?([-dl][rwxst-]{9}) +(\d+) (\S+) +(\S+) +(\d+) ${DATE} (.*)$`);

const OUTPUT_MASKS: Mask[] = [
  [/^total \d+\n/gm, ''],
  [/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} /gm, 'DATE '],
  [/ @[0-9a-f]{8}$/gm, ' @ID'],
  [/^--- \S+ pid=\d+ ppid=\d+/gm, '--- TIME PID'],
  [/^(real|user|sys)\t.*\n/gm, ''],
  [/^Command exited with non-zero status \d+\n/gm, ''],
  [/^fd +\n/gm, ''],
  // What a shell and rpcd's own descriptors leave in a plugin is not the plugin's business; that stdin is empty is.
  [/^fd [1-9].*\n/gm, ''],
  [/^env (?:PATH|container|_|LC_ALL|PWD|SHLVL)=.*\n/gm, ''],
  [/(?:\/bin\/)?\bls: cannot access '(.*?)'/g, 'ls: $1'],
  [/^.*line \d+: +\d+ (?:Killed|Terminated|Done).*\n/gm, ''],
  [/"expires": \d+/g, '"expires": 0'],
  // How many sessions of five seconds are left when they are counted is a matter of the machine's speed.
  [/("expires": 0,\n)\d\n(?=\{)/g, '$1COUNT\n'],
  [/^ *(\d+) +(\d+) +(\d+) (\/\S+)$/gm, '$1 $2 $3 $4'],
  [/^none +(\d+) +(\d+) +(\d+) +(\d+%) /gm, 'none $1 $2 $3 $4 '],
  [/^ln: failed to create hard link '(.*?)' => '.*?':/gm, 'ln: $1:'],
  [/(service system) \d+$/gm, '$1 PID'],
];

function apply(text: string, masks: readonly Mask[]): string {
  return masks.reduce((masked, [pattern, by]) => masked.replace(pattern, by), text);
}

const { uid, gid } = userInfo();

export function maskBody(body: string): string {
  const owned = uid === 0 ? body : body.replaceAll(`"uid":${uid},"gid":${gid}`, '"uid":0,"gid":0');
  const masked = apply(owned, BODY_MASKS);
  // A directory is listed in the order of its file system.
  return masked.replace(
    /"entries":\[(.*?)\]/s,
    (_, entries: string) =>
      `"entries":[${entries
        .split(/,(?=\{"name":"[^"]*","type")/)
        .toSorted()
        .join(',')}]`,
  );
}

/** Numbers of inodes become I1, I2, ...: which are the same is kept. */
function inodeNames(): (inode: string) => string {
  const seen: string[] = [];
  return (inode) => {
    if (!seen.includes(inode)) seen.push(inode);
    return `I${seen.indexOf(inode) + 1}`;
  };
}

export function maskOutput(text: string): string {
  const nameOf = inodeNames();
  const lines = apply(text, OUTPUT_MASKS)
    .split('\n')
    .map((line) => {
      const inode = /^(\d{4,}) (\/etc\/config\/\w+)$/.exec(line);
      if (inode) return `${nameOf(inode[1] ?? '')} ${inode[2]}`;
      const [, number, mode = '', links, owner, group, size, name] = LS_LINE.exec(line) ?? [];
      if (name === undefined) return line;
      // A link's size is the length of what it names, which lies elsewhere here.
      const isDir = mode.startsWith('d') || mode.startsWith('l');
      const owners = uid === 0 ? `${owner} ${group}` : 'OWNER';
      // The plugins start with another shell's name here, and so are longer.
      const bytes = /^\.?bench\w*$/.test(name) && mode.startsWith('-') ? 'SIZE' : size;
      return `${number ? `${nameOf(number.trim())} ` : ''}${mode} ${isDir ? 0 : links} ${owners} ${isDir ? 0 : bytes} DATE ${name}`;
    });
  // Directories of sessions come in the order of their random names.
  return (/uci-[0-9a-f]{32}/.test(text) ? lines.toSorted() : lines).join('\n');
}
