/** What is sealed, under which key, and what was done here. No value is ever shown. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { vaultQuery } from '../api/queries.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { rich, t } from '../words/t.ts';
import { AuditLog } from './vault-audit.tsx';
import { ChangeKeys } from './vault-keys.tsx';
import { Secrets } from './vault-secrets.tsx';

export function VaultPage() {
  const vault = useQuery({
    ...vaultQuery,
    // While keys change, how far they are.
    refetchInterval: ({ state }) => (state.data?.rotation ? 1000 : false),
  });
  if (vault.error) return <ProblemNote error={vault.error} />;
  if (!vault.data) return <SkeletonRows />;
  const { rootKey, dataKeys, sealed, unreadable, vaultId, rotation, holders } = vault.data;
  return (
    <>
      <PageHead
        title={t('Vault')}
        help="security#keys"
        lead={t(
          'Your keys and passwords, by name: which is used where, and when it was used last. Each is sealed on this machine, and nothing here can show its value.',
        )}
      />
      {unreadable.length > 0 ? (
        <section role="alert" className="mb-5 rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
          <p className="font-medium">
            {t('{unreadable, plural, one {# value} other {# values}} cannot be opened. Enter them again:', {
              unreadable: unreadable.length,
            })}
          </p>
          <p className="text-ink-2">{unreadable.join(', ')}</p>
        </section>
      ) : null}
      <Secrets />
      <div className="mt-5 grid gap-5 lg:grid-cols-2">
        <Panel title={t('The root key')}>
          <dl className="space-y-2">
            <Row name={t('Fingerprint')}>
              <code className="font-mono">{rootKey.fingerprint}</code>
            </Row>
            <Row name={t('Comes from')}>{rootKey.source}</Row>
            <Row name={t('Vault')}>
              <code className="font-mono text-[13px] break-all">{vaultId}</code>
            </Row>
          </dl>
          <p className="mt-4 text-[13px] text-ink-2">
            {rich(
              'Without this key nothing can be opened. Print its 24 words and keep them somewhere else: <code>npx alfred key show-recovery</code>, at the machine and never here.',
              { code: (words) => <code className="font-mono">{words}</code> },
            )}
          </p>
        </Panel>
        <Panel title={t('Sealed')}>
          <dl className="space-y-2">
            <Row name={t('In settings')}>
              {t('{config, plural, one {# value} other {# values}}', { config: sealed.config })}
            </Row>
            <Row name={t('In connections')}>
              {t('{connections, plural, one {# value} other {# values}}', {
                connections: sealed.connections,
              })}
            </Row>
            <Row name={t('In skills')}>
              {t('{skills, plural, one {# value} other {# values}}', { skills: sealed.skills })}
            </Row>
            <Row name={t('Data keys')}>
              {dataKeys
                .map(({ id, isActive, values }) =>
                  isActive
                    ? t('{id} (seals new values): {values}', { id, values })
                    : t('{id}: {values}', { id, values }),
                )
                .join(', ')}
            </Row>
          </dl>
        </Panel>
      </div>
      <ChangeKeys rotation={rotation} holders={holders} />
      <AuditLog />
    </>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex justify-between gap-4">
    <dt className="shrink-0 text-ink-2">{name}</dt>
    <dd className="min-w-0 text-right">{children}</dd>
  </div>
);
