// Several values, one a line; names that are known are added by a press.
import { useId, useState } from 'preact/hooks';
import { t } from '../t.ts';
import { describedBy, Frame } from './field.tsx';

type Props = {
  label: string;
  name?: string | undefined;
  value: readonly string[];
  onChange: (value: string[]) => void;
  help?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
  placeholder?: string | undefined;
  suggestions?: readonly string[];
};

/** No value of the schema's lists holds a blank or a comma. */
const itemsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

export function ListField({ label, name, value, onChange, help, error, disabled = false, placeholder, suggestions = [] }: Props) {
  const id = useId();
  const [text, setText] = useState(value.join('\n'));
  // What is being typed may end in a blank, which is no item yet; a value from elsewhere takes its place.
  const shown = itemsOf(text).join('\n') === value.join('\n') ? text : value.join('\n');
  const offered = suggestions.filter((each) => !value.includes(each));
  function take(next: string): void {
    setText(next);
    onChange(itemsOf(next));
  }
  return (
    <Frame {...{ id, label, help, error, required: false }}>
      <textarea
        name={name}
        id={id}
        class="cbi-input-textarea"
        rows={Math.min(Math.max(value.length, placeholder?.split('\n').length ?? 1) + 1, 8)}
        value={shown}
        placeholder={placeholder}
        disabled={disabled}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, help, error)}
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => take(event.currentTarget.value)}
      />
      {!disabled && offered.length > 0 && (
        <details class="md-details md-offers">
          <summary>{t('Add a known name: {label}', { label })}</summary>
          <div class="md-chips">
            {offered.map((each) => (
              <button key={each} type="button" class="md-chip" onClick={() => take([...value, each].join('\n'))}>
                {each}
              </button>
            ))}
          </div>
        </details>
      )}
    </Frame>
  );
}
