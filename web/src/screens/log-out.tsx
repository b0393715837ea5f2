// Logs out; with typed changes it asks first, because they are forgotten.
import { useState } from 'preact/hooks';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { useStore } from './store-context.ts';

export function LogOut() {
  const { session, setup, links, watching, mending, routes, wizard, passport, screen } = useStore();
  const [isAsking, setAsking] = useState(false);
  function logOut(): void {
    for (const each of [setup, links, watching, mending, routes, wizard, passport]) each.forget();
    screen.value = 'overview';
    session.logout();
  }
  return (
    <>
      <Button onClick={() => (setup.isDirty.value ? setAsking(true) : logOut())}>{t('Log out')}</Button>
      {isAsking && (
        <Dialog title={t('Log out without applying?')} onCancel={() => setAsking(false)}>
          <p>{t('What you typed in Setup is not applied and will be forgotten.')}</p>
          <div class="md-actions">
            <Button kind="danger" onClick={logOut}>
              {t('Log out')}
            </Button>
            <Button onClick={() => setAsking(false)}>{t('Stay')}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
