// The form of one section: its fields are the schema's, its complaints those of the schema's check and of the agent's plan.
import type { OptionSpec, Problem } from '../../../agent/src/contract/index.ts';
import { specsOf } from '../../../agent/src/contract/index.ts';
import { choicesOf, optionsOf } from '../model/kind-words.ts';
import { suggest, type Known } from '../model/known-names.ts';
import { NAME, type SectionComplaints, type SectionDraft } from '../model/section-draft.ts';
import { describeAtField } from '../model/sentences.ts';
import { t } from '../t.ts';
import { TextField } from '../widgets/field.tsx';
import { OptionField } from '../widgets/option-field.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';

type Props = {
  value: SectionDraft;
  onChange: (value: SectionDraft) => void;
  /** As it is stored; undefined: it is new. */
  stored: SectionDraft | undefined;
  complaints: SectionComplaints;
  /** What the agent says of it. */
  told: readonly Problem[];
  known: Known;
  /** Before the first attempt to go on, an empty required field is no mistake yet. */
  isStrict: boolean;
  disabled: boolean;
};

function NameField({ value, onChange, complaints, known, disabled }: Props) {
  const problem = complaints[NAME];
  const help =
    value.type === 'link'
      ? t('For a session its name, as in wan_02. Letters, digits and _; fixed once it is applied.')
      : t('Letters, digits and _; fixed once it is applied.');
  return (
    <TextField
      label={t('Name')}
      value={value.name}
      required
      disabled={disabled}
      suggestions={value.type === 'link' ? known.links : []}
      onChange={(name) => onChange({ ...value, name })}
      help={help}
      error={
        problem && (problem.code === 'section_duplicate' ? t('Another section has this name, or one that is yet to be removed.') : describeAtField(problem))
      }
    />
  );
}

export function SectionForm(props: Props) {
  const { value, onChange, stored, complaints, told, known, isStrict, disabled } = props;
  const specs = specsOf(value.type);
  const { first, advanced } = optionsOf(value.type);
  const shown = [...first, ...advanced];
  const problemOf = (option: string): Problem | undefined => {
    const complaint = complaints[option];
    const isMistake = complaint && (isStrict || complaint.code !== 'option_missing');
    return isMistake ? complaint : told.find((problem) => problem.option === option);
  };
  const field = (option: string) => {
    const problem = problemOf(option);
    const now = value.options[option] ?? '';
    const names = suggest(option, known);
    return (
      <OptionField
        key={option}
        spec={specs[option] as OptionSpec}
        value={now}
        stored={stored?.options[option] ?? ''}
        onChange={(next) => onChange({ ...value, options: { ...value.options, [option]: next } })}
        error={problem && describeAtField(problem)}
        disabled={disabled}
        isKept={value.secrets.includes(option)}
        choices={choicesOf(value.type, option, typeof now === 'string' ? now : '', names)}
        suggestions={names}
      />
    );
  };
  // What no field here can show: about the section, its stored name, or an option that was edited by hand.
  const homeless = [...Object.entries(complaints), ...told.map((problem) => [problem.option ?? NAME, problem] as const)].flatMap(([option, problem]) =>
    shown.includes(option) || (option === NAME && value.isNew && complaints[NAME] === problem) ? [] : [problem],
  );
  const isOpen = advanced.some((option) => (value.options[option] ?? '').length > 0 || problemOf(option));
  return (
    <div class="md-section-form">
      <ProblemList problems={homeless} />
      <div class="md-grid">
        {value.isNew && value.type !== 'globals' && <NameField {...props} />}
        {first.map(field)}
      </div>
      {advanced.length > 0 && (
        <details class="md-details" open={isOpen}>
          <summary>{t('Advanced')}</summary>
          <div class="md-grid">{advanced.map(field)}</div>
        </details>
      )}
    </div>
  );
}
