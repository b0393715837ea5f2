// Where the lab finds things: the project on the host, and the same project as the guest sees it.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const LAB_BUILD = `${PROJECT}/build/lab`;

/** The project directory in the guest (a bind mount, so that it does not matter where the clone lies). */
export const GUEST_PROJECT = '/project';
