// The wizard's answers, so that they outlive its screen; its decisions are model/wizard's, which is loaded with the screen.
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { LineDraft } from '../model/draft.ts';
import type { SetupStore } from './setup.ts';

/** `findOut`: one session first, then the passport says how many. `isWritten`: they are in the form too, where they may be changed. */
export type Answers = { line: LineDraft; findOut: boolean; isWritten: boolean };

export type WizardStore = {
  answers: Signal<Answers | undefined>;
  /** An account was typed that is in no form yet. */
  isTyped: ReadonlySignal<boolean>;
  /** Which question is shown, from 0. */
  step: Signal<number>;
  /** The preview that is shown is of these answers, so Back leads to them. */
  isPreviewed: Signal<boolean>;
  /** The line whose passport is due once it is applied. */
  due: ReadonlySignal<string | undefined>;
  setDue(line: string | undefined): void;
  /** Typed passwords too. */
  forget(): void;
};

export function createWizard(setup: Pick<SetupStore, 'lines'>): WizardStore {
  const answers = signal<Answers | undefined>(undefined);
  const step = signal(0);
  const isPreviewed = signal(false);
  const promised = signal<string | undefined>(undefined);
  // Whoever gives it more sessions in the form meanwhile knows how many.
  const due = computed(() => setup.lines.value.find(({ name, options }) => name === promised.value && options.sessions === '1')?.name);
  return {
    answers,
    isTyped: computed(() => Boolean(answers.value && !answers.value.isWritten && (answers.value.line.options.username || answers.value.line.options.password))),
    step,
    isPreviewed,
    due,
    setDue: (line) => {
      promised.value = line;
    },
    forget: () => {
      answers.value = undefined;
      step.value = 0;
      isPreviewed.value = false;
      promised.value = undefined;
    },
  };
}
