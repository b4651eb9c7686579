/** Connections that wait for a person. */
import { Link } from '@tanstack/react-router';
import type { Connection } from '../../src/contract/connections.ts';
import { troubleOf } from '../../src/contract/home.ts';
import { NewKey } from '../connections/new-key.tsx';
import { ReplaceKey } from '../connections/replace-key.tsx';
import { secretFieldsOf } from '../connections/secrets-of.ts';
import { Plug } from '../ui/icons.tsx';
import { t, told } from '../words/t.ts';

export function Troubled({ connections }: { connections: readonly Connection[] }) {
  return (
    <section
      aria-label={t('Connections that need you')}
      className="divide-y divide-wait/20 rounded-xl border border-wait/40 bg-wait-soft"
    >
      {connections.map((each) => (
        <TroubledOne key={each.name} connection={each} />
      ))}
    </section>
  );
}

function TroubledOne({ connection }: { connection: Connection }) {
  const { name, status, approved } = connection;
  const [field, ...others] = secretFieldsOf(connection);
  // Where it does not work and has one secret, that is what most often changed: its field stands here.
  const inPlace = approved && status === 'error' && others.length === 0 ? field : undefined;
  return (
    <div>
      <div className="flex items-center pr-2">
        <Link
          to="/connections/$name"
          params={{ name }}
          className="flex min-w-0 flex-1 items-center gap-3 px-4 py-3 hover:underline"
        >
          <Plug aria-hidden="true" className="size-4 shrink-0 text-wait" />
          <span className="font-medium whitespace-nowrap">{name}</span>
          <span className="min-w-0 truncate text-[13px] text-ink-2">{told(troubleOf(connection))}</span>
        </Link>
        {inPlace === undefined ? <ReplaceKey connection={connection} /> : null}
      </div>
      {inPlace === undefined ? null : <NewKey connection={connection} field={inPlace} />}
    </div>
  );
}
