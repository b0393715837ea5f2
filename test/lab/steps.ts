// Suites of the lab: one boot for all their steps, and a step that fails shows the state it failed in.
import { suite, type Body, type Limit } from '../limit.ts';
import { Lab, type LabOptions } from './lab.ts';

const LIMIT_MS = 200_000;
/** What a look at the state may take. */
const EVIDENCE_MS = 20_000;

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
  const steps = suite(title, {}, { limitMs: LIMIT_MS });
  let lab: Lab | undefined;
  const showing = async (name: string, body: (lab: Lab) => Promise<void>, limitMs: number) => {
    if (!lab) throw new Error('the lab did not boot');
    const show = async (when: string) =>
      process.stderr.write(`\n=== ${title}: ${name}: state ${when}\n${await lab?.evidence()}\n--- console\n${lab?.console().slice(-4000)}\n`);
    // Whatever hangs is ended by the limit, which can't wait for a look at the state.
    const late = setTimeout(() => void show('shortly before the limit').catch(() => {}), limitMs - EVIDENCE_MS);
    late.unref();
    try {
      await body(lab);
    } catch (error) {
      await show('at the failure');
      throw error;
    } finally {
      clearTimeout(late);
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
    const limited: Body<object> = () => showing(name, body, limit?.limitMs ?? LIMIT_MS);
    steps(name, limited, limit);
  });
  steps.run();
}
