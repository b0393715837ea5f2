// One of a few choices, each with what it means below it: radio buttons.
import { useId } from 'preact/hooks';

type Props<T extends string> = {
  legend: string;
  choices: readonly { value: T; label: string; help?: string }[];
  value: T;
  onChange: (value: T) => void;
};

export function Choices<T extends string>({ legend, choices, value, onChange }: Props<T>) {
  const id = useId();
  return (
    <fieldset class="md-choices">
      <legend class="md-hidden">{legend}</legend>
      {choices.map((each, place) => (
        <div key={each.value} class="md-choice">
          <input
            type="radio"
            id={`${id}-${place}`}
            name={id}
            checked={each.value === value}
            aria-describedby={each.help ? `${id}-${place}-help` : undefined}
            onChange={() => onChange(each.value)}
          />
          <label for={`${id}-${place}`}>{each.label}</label>
          {each.help && (
            <p class="md-help" id={`${id}-${place}-help`}>
              {each.help}
            </p>
          )}
        </div>
      ))}
    </fieldset>
  );
}
