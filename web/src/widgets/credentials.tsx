// Account and password with a button: the form of the login screen and of the login dialog.
import { useState } from 'preact/hooks';
import { t } from '../t.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import { Notice } from './notice.tsx';

type Props = {
  /** Resolves with a sentence when it did not work. */
  onSubmit: (username: string, password: string) => Promise<string | undefined>;
  onCancel?: () => void;
};

export function Credentials({ onSubmit, onCancel }: Props) {
  const [username, setUsername] = useState('root');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const sentence = await onSubmit(username, password);
    setBusy(false);
    setError(sentence);
    if (sentence === undefined) setPassword('');
  }
  return (
    <form class="md-credentials" onSubmit={submit}>
      <TextField label={t('Account')} value={username} onChange={setUsername} autocomplete="username" />
      <TextField label={t('Password')} type="password" value={password} onChange={setPassword} autocomplete="current-password" isFirst />
      {error && <Notice tone="bad">{error}</Notice>}
      <div class="md-actions">
        <Button type="submit" kind="primary" disabled={isBusy}>
          {isBusy ? t('Logging in…') : t('Log in')}
        </Button>
        {onCancel && <Button onClick={onCancel}>{t('Cancel')}</Button>}
      </div>
    </form>
  );
}
