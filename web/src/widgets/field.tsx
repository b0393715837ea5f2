// A labelled field with its help and its complaint; value in, change out.
import { useId } from 'preact/hooks';

type Common = {
  label: string;
  /** By which it is found in its form, as in line.wan.mtu. */
  name?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  help?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
  required?: boolean;
};

type TextProps = Common & {
  type?: 'text' | 'password';
  placeholder?: string;
  /** `numeric` shows a phone's number keys. */
  inputMode?: 'text' | 'numeric';
  autocomplete?: string;
  /** Values that are offered, and need not be taken. */
  suggestions?: readonly string[];
  /** The field where typing begins, on a screen or in a dialog that has nothing else to do. */
  isFirst?: boolean;
};

/** What an element must say to belong to a frame's label, help and complaint. */
export const describedBy = (id: string, help?: string, error?: string): string | undefined =>
  [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ') || undefined;

/** The complaint and the help below a field, which `describedBy` names. */
export function FieldNotes({ id, help, error }: Pick<Common, 'help' | 'error'> & { id: string }) {
  return (
    <>
      {error && (
        <p class="md-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {help && (
        <p class="md-help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </>
  );
}

type FrameProps = Pick<Common, 'label' | 'help' | 'error' | 'required'> & { id: string; children: preact.ComponentChildren };

export function Frame({ id, label, help, error, required, children }: FrameProps) {
  return (
    <div class={`md-field${error ? ' md-invalid' : ''}`}>
      <label for={id}>
        {label}
        {required && (
          <span class="md-required" aria-hidden="true">
            {' '}
            *
          </span>
        )}
      </label>
      {children}
      <FieldNotes {...{ id, help, error }} />
    </div>
  );
}

export function TextField({
  label,
  name,
  value,
  onChange,
  help,
  error,
  disabled = false,
  required = false,
  type = 'text',
  placeholder,
  inputMode,
  autocomplete = 'off',
  suggestions = [],
  isFirst = false,
}: TextProps) {
  const id = useId();
  const common = {
    id,
    name,
    class: 'cbi-input-text',
    value,
    placeholder,
    inputMode,
    autocomplete,
    disabled,
    'aria-required': required,
    'aria-invalid': error !== undefined,
    'aria-describedby': describedBy(id, help, error),
    list: suggestions.length > 0 ? `${id}-list` : undefined,
    autofocus: isFirst,
    autocapitalize: 'off',
    spellcheck: false,
    onInput: (event: InputEvent) => onChange((event.currentTarget as HTMLInputElement).value),
  } as const;
  return (
    <Frame {...{ id, label, help, error, required }}>
      {type === 'password' ? <input type="password" {...common} /> : <input type="text" {...common} />}
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </Frame>
  );
}

type SelectProps = Common & { choices: readonly { value: string; label: string }[] };

export function SelectField({ label, name, value, onChange, help, error, disabled = false, required = false, choices }: SelectProps) {
  const id = useId();
  return (
    <Frame {...{ id, label, help, error, required }}>
      <select
        id={id}
        name={name}
        class="cbi-input-select"
        value={value}
        disabled={disabled}
        aria-required={required}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, help, error)}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {choices.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}
