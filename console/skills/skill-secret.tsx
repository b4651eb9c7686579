/** The secret of a webhook, made up by the VM: seen this once, with a call that proves itself by it. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { curlOf } from './skill-hook.tsx';

export function NewSecret({ made }: { made: { secret: string; slug: string } | undefined }) {
  const navigate = useNavigate();
  const slug = made?.slug;
  const sample = useQuery({
    queryKey: ['skills', slug, 'hook', 'sample'],
    queryFn: slug === undefined ? skipToken : () => api.sampleDelivery({ params: { slug }, body: {} }),
    // Each is signed for its own moment.
    gcTime: 0,
  });
  const close = () =>
    void (made && navigate({ to: '/skills/$slug', params: { slug: made.slug }, ignoreBlocker: true }));
  const command = sample.data ? curlOf(sample.data, made?.secret) : undefined;
  return (
    <Dialog
      open={made !== undefined}
      onClose={close}
      width="lg"
      isKept
      title={t('The secret of this webhook')}
      lead={t('Give it to the program that will call. It is sealed now, and not shown again.')}
      footer={
        <Button look="primary" onClick={close}>
          {t('I have saved it')}
        </Button>
      }
    >
      <div className="space-y-4">
        <div className="flex items-start gap-2">
          <code className="min-w-0 flex-1 rounded-lg bg-sunken px-3 py-2 font-mono text-[13px] break-all select-all">
            {made?.secret}
          </code>
          <CopyButton text={made?.secret ?? ''} />
        </div>
        <div className="flex items-center justify-between gap-2">
          <p>
            {sample.data?.expiresAt
              ? t('A call that works for the next minutes: it is signed for now.')
              : t('A call that works.')}
          </p>
          {command === undefined ? null : <CopyButton text={command} />}
        </div>
        {sample.error ? <ProblemNote error={sample.error} /> : null}
        {command === undefined ? (
          sample.error ? null : (
            <Skeleton className="h-32" />
          )
        ) : (
          <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px]">
            {command}
          </pre>
        )}
      </div>
    </Dialog>
  );
}
