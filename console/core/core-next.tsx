/** The request that goes to Core next, as it will stand on the wire. */
import { useQuery } from '@tanstack/react-query';
import { CopyButton } from '../ui/copy.tsx';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { corePreviewQuery } from './core-queries.ts';

export function NextReport() {
  const preview = useQuery(corePreviewQuery);
  const { data } = preview;
  const text = data
    ? [
        `${data.method} ${data.path} HTTP/1.1`,
        ...Object.entries(data.headers).map(([name, value]) => `${name}: ${value}`),
        ...(data.body === null ? [] : ['', data.body]),
      ].join('\n')
    : '';
  return (
    <Panel
      title={data?.linked === false ? t('What a first report would say') : t('What Core is told next')}
      aside={data?.body ? <CopyButton text={text} /> : null}
    >
      {preview.error ? <ProblemNote error={preview.error} /> : null}
      {preview.isPending ? <Skeleton className="h-40" /> : null}
      {data ? (
        <>
          <p className="mb-3 text-ink-2 last:mb-0">
            {data.body === null
              ? t('There is nothing to report: no live execution has ended since the last one.')
              : data.isKept
                ? t('These bytes are kept, and go out next, just so.')
                : t('An example, made of what has run here. Nothing is sent, and nothing of it is kept.')}
          </p>
          {data.body === null ? null : (
            <pre className="whitespace-pre-wrap break-all rounded-lg bg-sunken p-3 font-mono text-[13px] leading-relaxed">
              {text}
            </pre>
          )}
        </>
      ) : null}
    </Panel>
  );
}
