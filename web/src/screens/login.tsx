// Login: the whole screen of the standalone page, and the dialog that lies over a page whose session has expired.
import { describeLoginFault } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Credentials } from '../widgets/credentials.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { useStore } from './store-context.ts';

function useLogin() {
  const { session } = useStore();
  return async (username: string, password: string): Promise<string | undefined> => {
    const result = await session.login(username, password);
    return result.ok ? undefined : describeLoginFault(result.fault);
  };
}

export function LoginScreen() {
  const submit = useLogin();
  return (
    <section class="md-login" aria-labelledby="md-login-title">
      <h1 id="md-login-title">{t('Log in to this router')}</h1>
      <Credentials onSubmit={submit} />
    </section>
  );
}

export function LoginDialog() {
  const { session } = useStore();
  const submit = useLogin();
  return (
    <Dialog title={t('Your session has expired')} onCancel={session.decline}>
      <p>{t('Log in again to go on. What you typed is kept.')}</p>
      <Credentials onSubmit={submit} onCancel={session.decline} />
    </Dialog>
  );
}
