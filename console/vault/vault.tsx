/** What is sealed, under which key, and what was done here. No value is ever shown. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { vaultQuery } from '../api/queries.ts';
import { plural } from '../ui/format.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
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
        title="Vault"
        help="security#keys"
        lead="Every secret is sealed with AES-256-GCM under a key that never leaves this machine. Nothing here can show a value: only that it is there."
      />
      <div className="grid gap-5 lg:grid-cols-2">
        <Panel title="The root key">
          <dl className="space-y-2">
            <Row name="Fingerprint">
              <code className="font-mono">{rootKey.fingerprint}</code>
            </Row>
            <Row name="Comes from">{rootKey.source}</Row>
            <Row name="Vault">
              <code className="font-mono text-[13px] break-all">{vaultId}</code>
            </Row>
          </dl>
          <p className="mt-4 text-[13px] text-ink-2">
            Without this key nothing can be opened. Print its 24 words and keep them somewhere else:{' '}
            <code className="font-mono">npx alfred key show-recovery</code>, at the machine and never here.
          </p>
        </Panel>
        <Panel title="Sealed">
          <dl className="space-y-2">
            <Row name="In settings">{plural(sealed.config, 'value')}</Row>
            <Row name="In connections">{plural(sealed.connections, 'value')}</Row>
            <Row name="In skills">{plural(sealed.skills, 'value')}</Row>
            <Row name="Data keys">
              {dataKeys
                .map(({ id, isActive, values }) => `${id}${isActive ? ' (seals new values)' : ''}: ${values}`)
                .join(', ')}
            </Row>
          </dl>
        </Panel>
      </div>
      {unreadable.length > 0 ? (
        <section role="alert" className="mt-5 rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
          <p className="font-medium">
            {plural(unreadable.length, 'value')} cannot be opened. Enter them again:
          </p>
          <p className="text-ink-2">{unreadable.join(', ')}</p>
        </section>
      ) : null}
      <ChangeKeys rotation={rotation} holders={holders} />
      <Secrets />
      <AuditLog />
    </>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex justify-between gap-4">
    <dt className="text-ink-2">{name}</dt>
    <dd className="text-right">{children}</dd>
  </div>
);
