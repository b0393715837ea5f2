// The program: told by the name it is called by whether it serves rpcd or a person.
import { runCommand } from './commands/cli.ts';
import { runPlugin } from './commands/rpcd.ts';
import { describe } from './contract/index.ts';
import type { Problem } from './contract/index.ts';
import { createSystem, exit, scriptArguments } from './quickjs.ts';

/** A bug is caught here and nowhere else; its message may hold no data, so only kind and place are told. */
function report(error: unknown): Problem {
  const message = error instanceof Error ? `${error.name}: ${error.message} ${(error.stack ?? '').split('\n')[0]?.trim() ?? ''}` : String(error);
  return { code: 'internal', severity: 'error', details: { message } };
}

function main(): number {
  const [program = '', ...words] = scriptArguments();
  const system = createSystem();
  const serves = program.includes('/rpcd/');
  try {
    return serves ? runPlugin(system, words) : runCommand(system, words);
  } catch (error) {
    const fault = report(error);
    system.printError(`${describe(fault)}\n`);
    if (serves) system.print(`${JSON.stringify({ error: fault })}\n`);
    return 1;
  }
}

exit(main());
