/** Connections that wait for a person. */
import { Link } from '@tanstack/react-router';
import type { Connection } from '../../src/contract/connections.ts';
import { troubleOf } from '../../src/contract/home.ts';
import { ReplaceKey } from '../connections/replace-key.tsx';
import { Plug } from '../ui/icons.tsx';
import { t, told } from '../words/t.ts';

export function Troubled({ connections }: { connections: readonly Connection[] }) {
  return (
    <section
      aria-label={t('Connections that need you')}
      className="divide-y divide-wait/20 rounded-xl border border-wait/40 bg-wait-soft"
    >
      {connections.map((each) => (
        <div key={each.name} className="flex items-center pr-2">
          <Link
            to="/connections/$name"
            params={{ name: each.name }}
            className="flex min-w-0 flex-1 items-center gap-3 px-4 py-3 hover:underline"
          >
            <Plug aria-hidden="true" className="size-4 shrink-0 text-wait" />
            <span className="font-medium whitespace-nowrap">{each.name}</span>
            <span className="min-w-0 truncate text-[13px] text-ink-2">{told(troubleOf(each))}</span>
          </Link>
          <ReplaceKey connection={each} />
        </div>
      ))}
    </section>
  );
}
