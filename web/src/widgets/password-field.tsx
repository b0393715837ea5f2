// A password with a way to look at what was typed: providers hand out long ones.
import { useState } from 'preact/hooks';
import { t } from '../t.ts';
import { TextField } from './field.tsx';

type Props = {
  label: string;
  name?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  help?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
  required?: boolean;
  placeholder?: string;
};

export function PasswordField({ value, ...rest }: Props) {
  const [isShown, setShown] = useState(false);
  return (
    <div class="md-password">
      <TextField {...rest} value={value} type={isShown ? 'text' : 'password'} autocomplete="new-password" />
      {value !== '' && (
        <label class="md-show">
          <input type="checkbox" checked={isShown} onChange={(event) => setShown(event.currentTarget.checked)} /> {t('Show')}
        </label>
      )}
    </div>
  );
}
