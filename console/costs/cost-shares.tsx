/** What costs how much, the dearest first: a table whose rows have bars and lead to their runs. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ExecutionFilters } from '../api/queries.ts';
import { count, shortMoney } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { t } from '../words/t.ts';

type Share = {
  key: string;
  name: string;
  executions: number;
  failed: number;
  costUsd: number;
  tokens: number;
  /** Where its runs are listed. */
  search?: ExecutionFilters;
};

/** More than these are shown when they are asked for. */
const shown = 8;

export function Shares({
  title,
  what,
  note,
  besidesUsd = 0,
  nothing = t('Nothing ran in this time.'),
  rows,
}: {
  title: string;
  /** What a row is, as the heading of its column. */
  what: string;
  note?: string;
  /** What was spent besides all of them: said below, with the sum. */
  besidesUsd?: number;
  /** What is said where there is no row. */
  nothing?: string;
  rows: Share[];
}) {
  const [isWhole, setWhole] = useState(false);
  const sorted = rows.toSorted((a, b) => b.costUsd - a.costUsd || b.executions - a.executions);
  const most = sorted[0]?.costUsd ?? 0;
  return (
    <Panel title={title} flush>
      {rows.length === 0 ? (
        <p className="px-4 py-6 text-ink-2">{nothing}</p>
      ) : (
        <table className="w-full table-fixed text-[13px] tabular-nums">
          <thead>
            <tr className="border-b border-line text-ink-2">
              <th scope="col" className="py-2 pl-4 text-left font-medium">
                {what}
              </th>
              <th scope="col" className="w-16 text-right font-medium">
                {t('Runs')}
              </th>
              <th scope="col" className="w-20 text-right font-medium">
                {t('Tokens')}
              </th>
              <th scope="col" className="w-24 pr-4 text-right font-medium">
                {t('Cost')}
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {sorted.slice(0, isWhole ? undefined : shown).map((row) => (
              <Row key={row.key} row={row} most={most} />
            ))}
          </tbody>
          {besidesUsd === 0 ? null : <Besides usd={besidesUsd} rows={rows} />}
        </table>
      )}
      {sorted.length > shown && !isWhole ? (
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="w-full border-t border-line px-4 py-2 text-left text-[13px] font-medium text-accent hover:bg-hover"
        >
          {t('Show all {sorted}', { sorted: sorted.length })}
        </button>
      ) : null}
      {note === undefined || rows.length === 0 ? null : (
        <p className="border-t border-line px-4 py-2 text-[13px] text-ink-2">{note}</p>
      )}
    </Panel>
  );
}

/** So that what is listed comes to what is said above. */
const Besides = ({ usd, rows }: { usd: number; rows: readonly Share[] }) => {
  const listed = rows.reduce((sum, { costUsd }) => sum + costUsd, 0);
  return (
    <tfoot className="border-t border-line-strong">
      {(
        [
          [t('These runs'), listed],
          [t('Tries of the model, calls cut off, runs that began earlier'), usd],
          [t('In all'), listed + usd],
        ] as const
      ).map(([name, sum]) => (
        <tr key={name}>
          <th scope="row" colSpan={3} className="py-1.5 pl-4 text-left font-normal text-ink-2">
            {name}
          </th>
          <td className="pr-4 text-right align-top font-medium whitespace-nowrap">
            <span className="block py-1.5">{shortMoney(sum)}</span>
          </td>
        </tr>
      ))}
    </tfoot>
  );
};

const Row = ({
  row: { name, executions, failed, costUsd, tokens, search },
  most,
}: {
  row: Share;
  most: number;
}) => (
  <tr className="hover:bg-hover">
    <th scope="row" className="py-2 pl-4 text-left font-normal">
      {search === undefined ? (
        <span className="block truncate">{name}</span>
      ) : (
        <Link
          to="/executions"
          search={search}
          title={name}
          className="block truncate font-medium hover:underline"
        >
          {name}
        </Link>
      )}
      <span aria-hidden="true" className="mt-1 block h-1 overflow-hidden rounded-full bg-hover">
        <span
          className="block h-full rounded-full bg-accent forced-colors:bg-[LinkText]"
          style={{ width: most === 0 ? 0 : `${(costUsd / most) * 100}%` }}
        />
      </span>
    </th>
    <td className="text-right align-top whitespace-nowrap">
      <span className="block pt-2">{count(executions)}</span>
      {failed === 0 ? null : (
        <span className="block pb-1 text-xs text-bad">{t('{failed} failed', { failed: count(failed) })}</span>
      )}
    </td>
    <td className="pt-2 text-right align-top whitespace-nowrap">{count(tokens)}</td>
    <td className="pt-2 pr-4 text-right align-top font-medium whitespace-nowrap">{shortMoney(costUsd)}</td>
  </tr>
);
