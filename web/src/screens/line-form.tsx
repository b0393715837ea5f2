// The form of one line: port, account, sessions, IPv6; the rest under Advanced. Checked by the agent's own schema.
import { useState } from 'preact/hooks';
import { MAX_LINE_NAME, MAX_SESSIONS, schema, type OptionSpec, type OptionValue, type Port } from '../../../agent/src/contract/index.ts';
import type { Complaints, LineDraft } from '../model/draft.ts';
import { describeAtField } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { SelectField, TextField } from '../widgets/field.tsx';
import { OptionField } from '../widgets/option-field.tsx';
import { PortField } from '../widgets/port-field.tsx';
import { PasswordField } from '../widgets/password-field.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';

const specs = schema.line;
type Option = keyof typeof specs;

const ipv6Labels = { off: 'Off', nat: 'NAT: shared by all links', native: 'Native: each prefix by its own link' } as const;
/** What the choice means for the devices in the network. */
const ipv6Help = {
  off: 'Devices get no IPv6 from this line.',
  nat: 'Devices use local IPv6 addresses; all links share their traffic, as with IPv4.',
  native: 'Devices get addresses of the provider; each prefix leaves by its own link, nothing is shared.',
} as const;
const isMode = (value: string): value is keyof typeof ipv6Help => Object.hasOwn(ipv6Help, value);
const first: readonly Option[] = ['device', 'username', 'password', 'sessions', 'ipv6'];
const advanced = (Object.keys(specs) as Option[]).filter((option) => !first.includes(option));

type Props = {
  value: LineDraft;
  onChange: (value: LineDraft) => void;
  onRemove?: (() => void) | undefined;
  onDuplicate: () => void;
  /** As it is stored; empty for a new line. */
  stored: LineDraft['options'];
  /** Names of the router's network interfaces. */
  interfaces: readonly string[];
  ports: readonly Port[];
  complaints: Complaints;
  /** Before the first attempt to go on, an empty required field is no mistake yet. */
  isStrict: boolean;
  disabled: boolean;
};

function useOptions({ value, onChange, complaints, isStrict, disabled }: Props) {
  return (option: Option) => {
    const stored = value.options[option] ?? '';
    const complaint = complaints[option];
    const error = complaint && (isStrict || complaint.code !== 'option_missing') ? complaint : undefined;
    return {
      label: t(specs[option].label),
      name: `line.${value.name}.${option}`,
      help: t(specs[option].help),
      value: typeof stored === 'string' ? stored : stored.join(' '),
      onChange: (next: string) => onChange({ ...value, options: { ...value.options, [option]: next } }),
      error: error && describeAtField(error),
      disabled,
    };
  };
}

function NameField({ value, onChange, complaints, disabled }: Props) {
  const { name } = complaints;
  return (
    <TextField
      label={t('Name')}
      value={value.name}
      disabled={disabled}
      onChange={(next) => onChange({ ...value, name: next })}
      help={t('Its links are called {name}_01, {name}_02 … At most {max} characters; fixed once it is applied.', {
        name: value.name || 'wan',
        max: MAX_LINE_NAME,
      })}
      error={name && (name.code === 'section_duplicate' ? t('Another line or section has this name.') : describeAtField(name))}
    />
  );
}

function Advanced({ value, onChange, stored, complaints, interfaces, disabled }: Props) {
  const [wasOpen] = useState(() => advanced.some((option) => (value.options[option] ?? '').length > 0));
  return (
    <details class="md-details" open={wasOpen}>
      <summary>{t('Advanced')}</summary>
      <div class="md-grid">
        {advanced.map((option) => {
          const problem = complaints[option];
          const spec: OptionSpec = specs[option];
          return (
            <OptionField
              key={option}
              name={`line.${value.name}.${option}`}
              spec={spec}
              value={value.options[option] ?? ''}
              stored={stored[option] ?? ''}
              onChange={(next: OptionValue) => onChange({ ...value, options: { ...value.options, [option]: next } })}
              error={problem && describeAtField(problem)}
              disabled={disabled}
              suggestions={option === 'adopt' ? interfaces : []}
            />
          );
        })}
      </div>
    </details>
  );
}

export function LineForm(props: Props) {
  const { value, onRemove, onDuplicate, ports, disabled, complaints } = props;
  const field = useOptions(props);
  const lends = field('adopt').value !== '';
  const ipv6 = field('ipv6').value || specs.ipv6.default;
  // Complaints that no field here can show, as about an option that was edited by hand.
  const hidden = Object.entries(complaints).flatMap(([option, problem]) =>
    Object.hasOwn(specs, option) || (option === 'name' && value.isNew) ? [] : [problem],
  );
  return (
    <fieldset class="md-line">
      <legend>{t('Line {name}', { name: value.name })}</legend>
      <ProblemList problems={hidden} />
      <div class="md-grid">
        <PortField {...field('device')} ports={ports} />
        <TextField {...field('username')} required={!lends} />
        <PasswordField {...field('password')} required={!value.hasPassword && !lends} placeholder={value.hasPassword ? t('stored, leave empty to keep') : ''} />
        <TextField
          {...field('sessions')}
          inputMode="numeric"
          help={t('How many times this line is dialed at once, 1 to {max}. The provider may allow fewer.', { max: MAX_SESSIONS })}
        />
        <SelectField
          {...field('ipv6')}
          value={ipv6}
          help={isMode(ipv6) ? t(ipv6Help[ipv6]) : t(specs.ipv6.help)}
          choices={specs.ipv6.choices.map((choice) => ({ value: choice, label: t(ipv6Labels[choice]) }))}
        />
        {value.isNew && <NameField {...props} />}
      </div>
      <Advanced {...props} />
      {!disabled && (
        <div class="md-actions">
          {!value.isNew && <Button onClick={onDuplicate}>{t('Duplicate line {name}', { name: value.name })}</Button>}
          {onRemove && <Button onClick={onRemove}>{t('Remove line {name}', { name: value.name })}</Button>}
        </div>
      )}
    </fieldset>
  );
}
