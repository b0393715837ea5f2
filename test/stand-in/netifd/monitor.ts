// The kernel's news of links, addresses and routes, gathered for a moment so that a burst is looked at once.
import type { Child, Kernel } from '../kernel.ts';

const GATHER_MS = 40;

/** A new link's name in `N: NAME@PARENT: <FLAGS>`; a deleted one's line begins with the word Deleted. */
const LINK = /^\[LINK\](?!Deleted )(?:\d+): ([^:@ ]+)/;

/**
 * Calls `onLink` for each line of a link that is there, at once, and `onChange` after a burst of any. netifd listens
 * to netlink itself; here one `ip monitor` does it for all.
 */
export function watchKernel(kernel: Kernel, onLink: (name: string) => void, onChange: () => void): () => void {
  let isStopped = false;
  let isGathering = false;
  let child: Child | undefined;
  const onLine = (line: string) => {
    const [, name] = LINK.exec(line) ?? [];
    if (name) onLink(name);
    if (isGathering) return;
    isGathering = true;
    kernel.after(GATHER_MS, () => {
      isGathering = false;
      if (!isStopped) onChange();
    });
  };
  const start = () => {
    child = kernel.spawn(['ip', '-o', 'monitor', 'label', 'link', 'address', 'route'], {
      onLine,
      onExit: () => void (isStopped || kernel.after(1000, () => isStopped || start())),
    });
  };
  start();
  return () => {
    isStopped = true;
    child?.kill('SIGTERM');
  };
}
