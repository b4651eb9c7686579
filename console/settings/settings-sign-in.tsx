/** How its owner comes in: by links that work once. Passkeys have their place here when they come. */
import { useMutation } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy.tsx';
import { Panel } from '../ui/panel.tsx';
import { sayProblem } from '../ui/toast.tsx';

export function SigningIn() {
  const link = useMutation({
    mutationFn: () => api.createSignInLink(),
    onError: sayProblem,
  });
  return (
    <Panel id="signing-in" title="Signing in">
      <div className="space-y-3">
        <p className="text-ink-2">
          You come in by a link that works once, within 15 minutes: from{' '}
          <code className="font-mono text-[13px]">npx alfred status --link</code>, or made here for another
          browser. Passkeys are not in this version yet.
        </p>
        {link.data ? <CopyField text={link.data.url} /> : null}
        <Button busy={link.isPending} onClick={() => link.mutate()}>
          Make a link
        </Button>
      </div>
    </Panel>
  );
}
