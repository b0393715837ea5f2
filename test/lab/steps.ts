// Suites of the lab: one boot for all their steps, and a step that fails shows the state it failed in.
import { suite, type Body, type Limit } from '../limit.ts';
import { Lab, type LabOptions } from './lab.ts';

export type Step = (name: string, body: (lab: Lab) => Promise<void>, limit?: Limit) => void;

export type SuiteOptions = LabOptions & {
  /** Ends what the suite started beside the lab. */
  after?: () => Promise<void>;
};

/** What a step measured, printed beside what it is compared with. */
export function report(line: string): void {
  process.stderr.write(`       ${line}\n`);
}

/**
 * Declares a suite. The steps run in the order they are declared and share the boot:
 * each leaves the lab as the next one expects it.
 */
export function labSuite(title: string, { after, ...options }: SuiteOptions, declare: (step: Step) => void): void {
  const steps = suite(title, {}, { limitMs: 200_000 });
  let lab: Lab | undefined;
  const showing = async (name: string, body: (lab: Lab) => Promise<void>) => {
    if (!lab) throw new Error('the lab did not boot');
    try {
      await body(lab);
    } catch (error) {
      process.stderr.write(`\n=== ${title}: ${name}: state at the failure\n${await lab.evidence()}\n`);
      throw error;
    }
  };
  steps.before(async () => {
    lab = await Lab.boot({ progress: report, ...options });
  });
  steps.after(async () => {
    await after?.();
    await lab?.stop();
  });
  declare((name, body, limit) => {
    const limited: Body<object> = () => showing(name, body);
    steps(name, limited, limit);
  });
  steps.run();
}
