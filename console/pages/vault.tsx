/** What is sealed, and under which key. No value is ever shown. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { configQuery, connectionsQuery, vaultQuery } from '../api/queries.ts';
import { plural } from '../ui/format.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';

export function VaultPage() {
  const vault = useQuery(vaultQuery);
  const config = useQuery(configQuery);
  const connections = useQuery(connectionsQuery);
  if (vault.error) return <ProblemNote error={vault.error} />;
  if (!vault.data) return <SkeletonRows />;
  const { rootKey, dataKeys, sealed, unreadable, vaultId } = vault.data;
  const secrets = [
    ...(config.data ?? [])
      .filter((entry) => entry.sealed)
      .map(({ key, fingerprint }) => ({ place: 'settings', name: key, fingerprint })),
    ...(connections.data ?? []).flatMap(({ name, config: it }) =>
      sealedIn(it).map((found) => ({ place: name, ...found })),
    ),
  ];
  return (
    <>
      <PageHead
        title="Vault"
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
            <code className="font-mono">npx alfred key show-recovery</code>
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
      <Panel title="Secrets" flush className="mt-5">
        <ul className="divide-y divide-line">
          {secrets.map(({ place, name, fingerprint }) => (
            <li
              key={`${place} ${name}`}
              className="flex flex-wrap items-center justify-between gap-x-4 px-4 py-2.5"
            >
              <span>
                <span className="text-ink-2">{place}</span> <span className="font-medium">{name}</span>
              </span>
              <code className="font-mono text-[13px] text-ink-2">{fingerprint}</code>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex justify-between gap-4">
    <dt className="text-ink-2">{name}</dt>
    <dd className="text-right">{children}</dd>
  </div>
);

/** Where `{sealed: true}` stands in a connection's settings. */
function sealedIn(value: unknown, at: string[] = []): { name: string; fingerprint: string | undefined }[] {
  if (typeof value !== 'object' || value === null) return [];
  const marker = value as { sealed?: unknown; fingerprint?: string };
  if (marker.sealed === true) return [{ name: at.at(-1) ?? '', fingerprint: marker.fingerprint }];
  return Object.entries(value).flatMap(([key, inner]) => sealedIn(inner, [...at, key]));
}
