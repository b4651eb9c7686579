/** The keys of a connection by name: each with its field, when it was set and used last, and a way to replace it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { Button } from '../ui/button.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { rich, t } from '../words/t.ts';
import { partWords } from './connection-entries.tsx';
import { type SecretField, type SecretTimes, secretFieldsOf, secretTimesQuery } from './secrets-of.ts';

const ReplaceSecret = onDemand(async () => (await import('./replace-secret.tsx')).ReplaceSecret);

export function ConnectionSecrets({ connection, onSaved }: { connection: Connection; onSaved(): void }) {
  const fields = secretFieldsOf(connection);
  const times = useQuery({ ...secretTimesQuery(connection.name), enabled: fields.length > 0 }).data;
  const [picked, setPicked] = useState<SecretField>();
  // Whoever comes to replace one finds that open.
  const asked = useLocation({ select: ({ hash }) => /^key-(.+)$/.exec(hash)?.[1] });
  const navigate = useNavigate();
  const replaced = picked ?? fields.find(({ name }) => name === asked);
  const close = () => {
    setPicked(undefined);
    if (asked !== undefined)
      void navigate({ to: '/connections/$name', params: { name: connection.name }, replace: true });
  };
  if (fields.length === 0) return null;
  return (
    <Panel
      id="keys"
      title={t('Its keys and secrets')}
      flush
      aside={
        <Link to="/vault" className="text-[13px] font-medium text-accent hover:underline">
          {t('All secrets')}
        </Link>
      }
    >
      <ul className="divide-y divide-line">
        {fields.map((field) => (
          <li
            key={`${field.part} ${field.name}`}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2.5"
          >
            <span className="min-w-0">
              <span className="block">
                <code className="font-mono text-[13px] break-all">{field.name}</code>{' '}
                <span className="text-[13px] text-ink-2">
                  · {field.part === 'auth' ? t('to sign in') : partWords[field.part]}
                </span>
              </span>
              <Times times={times?.get(field.name)} />
            </span>
            <Button
              size="sm"
              aria-label={t('Replace {name}', { name: field.name })}
              onClick={() => setPicked(field)}
            >
              {t('Replace')}
            </Button>
          </li>
        ))}
      </ul>
      {replaced === undefined ? null : (
        <ReplaceSecret connection={connection} field={replaced} onClose={close} onSaved={onSaved} />
      )}
    </Panel>
  );
}

const Times = ({ times }: { times: SecretTimes | undefined }) => (
  <span className="block text-[13px] text-ink-2">
    {t('Sealed')}
    {times?.setAt === undefined ? null : <> · {rich('set {ago}', { ago: <Ago at={times.setAt} /> })}</>}
    {times === undefined ? null : (
      <>
        {' '}
        ·{' '}
        {times.lastUsedAt === null
          ? t('not used yet')
          : rich('used {ago}', { ago: <Ago at={times.lastUsedAt} /> })}
      </>
    )}
  </span>
);
