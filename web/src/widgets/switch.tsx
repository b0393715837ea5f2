// One of a few choices, all seen at once: radio buttons that look like a switch.
type Props<T extends string> = {
  legend: string;
  /** Of the radio group, one of its kind on the page. */
  name: string;
  choices: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
};

export function Switch<T extends string>({ legend, name, choices, value, onChange }: Props<T>) {
  return (
    <fieldset class="md-switch">
      <legend class="md-hidden">{legend}</legend>
      {choices.map((each) => (
        <label key={each.value} class={each.value === value ? 'md-on' : ''}>
          <input type="radio" name={name} checked={each.value === value} onChange={() => onChange(each.value)} />
          {each.label}
        </label>
      ))}
    </fieldset>
  );
}
