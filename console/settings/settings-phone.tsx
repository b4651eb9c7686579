/** Alfred on the owner's phone: a code that its camera reads, and how it is kept there. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/api.ts';
import { sessionQuery } from '../api/queries.ts';
import { withFreshSignIn } from '../sign-in/with-fresh-sign-in.ts';
import { Button } from '../ui/button.tsx';
import { CopyField, CopyWords } from '../ui/copy.tsx';
import { clock } from '../ui/format.ts';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';

export function OnPhone() {
  const session = useQuery(sessionQuery);
  return (
    <Panel id="phone" title={t('On your phone')}>
      {session.data === undefined ? (
        <Skeleton className="h-16" />
      ) : session.data.publicUrl ? (
        <Reached address={session.data.publicUrl} />
      ) : (
        <NotReached />
      )}
    </Panel>
  );
}

function Reached({ address }: { address: string }) {
  const link = useMutation({
    mutationFn: () => withFreshSignIn(() => api.createSignInLink({})),
    onError: sayProblem,
  });
  return (
    <div className="space-y-3">
      <p className="text-ink-2">
        {t(
          'Open the camera of your phone and hold it to the code: Alfred opens, and you are signed in. Then put it on the home screen (Share → Add to Home Screen, or “Install app” in the browser’s menu), and it opens like any other app.',
        )}
      </p>
      {link.data ? (
        <div className="flex flex-wrap items-start gap-4">
          <QrCode text={link.data.url} label={t('A link that signs you in, for the camera of your phone')} />
          <p className="min-w-0 flex-1 basis-48 text-[13px] text-ink-2">
            {t('It signs in whoever reads it, once, until {expiresAt}. Show it to nobody else.', {
              expiresAt: clock(link.data.expiresAt),
            })}
          </p>
        </div>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        <Button busy={link.isPending} onClick={() => link.mutate()}>
          {link.data ? t('Make another code') : t('Show the code')}
        </Button>
      </div>
      <CopyField text={address} />
    </div>
  );
}

const NotReached = () => (
  <div className="space-y-2">
    <p>{t('Alfred has no address yet that your phone can reach.')}</p>
    <p className="text-ink-2">
      {rich(
        'It answers on this machine alone, which is safe and needs nothing. For your phone it needs an https address that leads here, and whoever set Alfred up can give it one: <link>the documentation says how</link>. The code for your phone stands here then. You can send them this:',
        {
          link: (words) => (
            <Link
              to="/help/$document"
              params={{ document: 'operations' }}
              search={{ section: 'an-address-for-your-phone' }}
              className="text-accent underline"
            >
              {words}
            </Link>
          ),
        },
      )}
    </p>
    <CopyWords
      words={t(
        'Please give Alfred an https address that my phone can reach, by Tailscale for example. Then tell Alfred that address as ALFRED_PUBLIC_URL, and start it again. Its help says how, under “An address for your phone”.',
      )}
    />
    <p className="text-ink-2">
      {rich(
        'To be told on your phone when something waits or fails, no address is needed: add ntfy or Telegram under <link>Notices</link>.',
        {
          link: (words) => (
            <Link to="/settings" hash="notices" className="text-accent underline">
              {words}
            </Link>
          ),
        },
      )}
    </p>
  </div>
);
