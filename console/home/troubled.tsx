/** Connections that wait for a person. */
import { Link } from '@tanstack/react-router';
import { type Standing, troubleOf } from '../../src/contract/home.ts';
import { Plug } from '../ui/icons.tsx';
import { t, told } from '../words/t.ts';

export function Troubled({ connections }: { connections: readonly Standing[] }) {
  return (
    <section
      aria-label={t('Connections that need you')}
      className="divide-y divide-wait/20 rounded-xl border border-wait/40 bg-wait-soft"
    >
      {connections.map((each) => (
        <Link
          key={each.name}
          to="/connections/$name"
          params={{ name: each.name }}
          className="flex items-center gap-3 px-4 py-3 hover:underline"
        >
          <Plug aria-hidden="true" className="size-4 shrink-0 text-wait" />
          <span className="font-medium whitespace-nowrap">{each.name}</span>
          <span className="min-w-0 truncate text-[13px] text-ink-2">{told(troubleOf(each))}</span>
        </Link>
      ))}
    </section>
  );
}
