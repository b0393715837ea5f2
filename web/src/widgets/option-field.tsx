// The field of one option, as the agent's schema describes it: its kind, range, default and whether it is secret.
import { parseBool, type OptionSpec, type OptionValue } from '../../../agent/src/contract/index.ts';
import { joinSentences } from '../model/format.ts';
import { t } from '../t.ts';
import { CheckField } from './check-field.tsx';
import { SelectField, TextField } from './field.tsx';
import { ListField } from './list-field.tsx';
import { PasswordField } from './password-field.tsx';

type Choice = { value: string; label: string };

type Props = {
  /** By which it is found, as in line.wan.mtu. */
  name?: string | undefined;
  /** From the contract’s schema. English is the key for t(). */
  spec: OptionSpec;
  /** Empty: absent, which means the schema's default. */
  value: OptionValue;
  /** What is stored: going back to a default that was not said makes the option absent again. */
  stored: OptionValue;
  onChange: (value: OptionValue) => void;
  error?: string | undefined;
  disabled?: boolean;
  /** A secret is stored already, and stays where nothing is typed. */
  isKept?: boolean;
  /** Words for the values of a choice; for a text the only ones that make sense. */
  choices?: readonly Choice[] | undefined;
  /** Names that are known. */
  suggestions?: readonly string[];
};

const asText = (value: OptionValue): string => (typeof value === 'string' ? value : value.join(' '));
const asItems = (value: OptionValue): readonly string[] => (typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : value);

/** A value that is in no list, as one edited by hand, stays to be seen. */
const withValue = (choices: readonly Choice[], value: string): readonly Choice[] =>
  choices.some((choice) => choice.value === value) ? choices : [...choices, { value, label: value }];

export function OptionField({ name, spec, value, stored, onChange, error, disabled = false, isKept = false, choices, suggestions = [] }: Props) {
  const common = { name, label: t(spec.label), help: t(spec.help), error, disabled };
  const choose = (next: string, standard: string): void => onChange(next === standard && stored.length === 0 ? '' : next);
  switch (spec.kind) {
    case 'bool': {
      const standard = spec.default ? '1' : '0';
      const isOn = parseBool(asText(value) || standard) ?? spec.default;
      return <CheckField {...common} value={isOn} onChange={(next) => choose(next ? '1' : '0', standard)} />;
    }
    case 'choice': {
      const now = asText(value) || spec.default;
      const known = choices ?? spec.choices.map((choice) => ({ value: choice, label: choice }));
      return <SelectField {...common} value={now} choices={withValue(known, now)} onChange={(next) => choose(next, spec.default)} />;
    }
    case 'integer': {
      const range = t('From {min} to {max}.', { min: spec.min, max: spec.max });
      return (
        <TextField
          {...common}
          help={joinSentences([common.help, range])}
          inputMode="numeric"
          value={asText(value)}
          placeholder={spec.default === undefined ? '' : String(spec.default)}
          onChange={onChange}
        />
      );
    }
    case 'list':
      return <ListField {...common} value={asItems(value)} placeholder={spec.default?.join('\n')} suggestions={suggestions} onChange={onChange} />;
    case 'text': {
      const required = spec.required === true;
      const text = asText(value);
      if (choices) return <SelectField {...common} required={required} value={text} choices={withValue(choices, text)} onChange={onChange} />;
      const placeholder = isKept ? t('stored, leave empty to keep') : '';
      if (spec.secret) return <PasswordField {...common} required={required} placeholder={placeholder} value={text} onChange={onChange} />;
      return <TextField {...common} required={required} suggestions={suggestions} value={text} onChange={onChange} />;
    }
    default:
      return spec satisfies never;
  }
}
