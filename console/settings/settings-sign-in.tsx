/** The ways in which the owner signs in: passkeys, a password, and links that work once. */
import { useMutation } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { withFreshSignIn } from '../sign-in/with-fresh-sign-in.ts';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy.tsx';
import { Panel } from '../ui/panel.tsx';
import { sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';
import { Passkeys } from './settings-passkeys.tsx';
import { Password } from './settings-password.tsx';

export const SigningIn = () => (
  <Panel id="signing-in" title={t('Signing in')}>
    <div className="space-y-6">
      <Passkeys />
      <Password />
      <Link />
    </div>
  </Panel>
);

function Link() {
  const link = useMutation({
    mutationFn: () => withFreshSignIn(() => api.createSignInLink({})),
    onError: sayProblem,
  });
  return (
    <div className="space-y-3">
      <h3 className="font-medium">{t('A link that works once')}</h3>
      <p className="text-ink-2">
        {rich(
          'Always a way in, within 15 minutes: from <code>npx alfred status --link</code>, or made here for another browser.',
          { code: (words) => <code className="font-mono text-[13px]">{words}</code> },
        )}
      </p>
      {link.data ? <CopyField text={link.data.url} /> : null}
      <Button busy={link.isPending} onClick={() => link.mutate()}>
        {t('Make a link')}
      </Button>
    </div>
  );
}
