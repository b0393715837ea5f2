// A labelled checkbox with its help and its complaint.
import { useId } from 'preact/hooks';
import { describedBy, FieldNotes } from './field.tsx';

type Props = {
  label: string;
  name?: string | undefined;
  value: boolean;
  onChange: (value: boolean) => void;
  help?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
};

export function CheckField({ label, name, value, onChange, help, error, disabled = false }: Props) {
  const id = useId();
  return (
    <div class={`md-field md-check${error ? ' md-invalid' : ''}`}>
      <label for={id}>
        <input
          id={id}
          type="checkbox"
          name={name}
          checked={value}
          disabled={disabled}
          aria-invalid={error !== undefined}
          aria-describedby={describedBy(id, help, error)}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />{' '}
        {label}
      </label>
      <FieldNotes {...{ id, help, error }} />
    </div>
  );
}
