/** What a person decides about: the call in rows that read like a form, and to the character as it is sent. */
import { parseToolName } from '../../src/contract/tool-name.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { ExactJson } from '../ui/json-tree.tsx';
import { Scroller } from '../ui/scroller.tsx';
import { t } from '../words/t.ts';
import { type Row, rowsOf, type Said, wordsOf } from './said-arguments.ts';

/** What the tool does, by the words that its name is made of: the name itself stands with what is sent. */
export const Deed = ({ name }: { name: string }) => (
  <p className="text-[15px] font-semibold break-words text-ink first-letter:uppercase">
    {wordsOf(parseToolName(name)?.tool ?? name)}
  </p>
);

export function AskedCall({ name, value }: { name: string; value: unknown }) {
  const rows = rowsOf(value);
  if (rows === undefined)
    return (
      <div className="space-y-1.5">
        <ToolName name={name} />
        <ExactJson value={value} />
      </div>
    );
  return (
    <div className="space-y-2">
      <Scroller className="scroll-edges max-h-96 rounded-lg border border-line bg-surface px-3 py-1.5">
        <Rows rows={rows} />
      </Scroller>
      <details>
        <summary className="text-[13px] text-ink-2">{t('As it is sent')}</summary>
        <div className="mt-1.5 space-y-1.5">
          <ToolName name={name} />
          <ExactJson value={value} />
        </div>
      </details>
    </div>
  );
}

const ToolName = ({ name }: { name: string }) => (
  <code className="block font-mono text-[12.5px] break-all text-ink-2">{visibleText(name)}</code>
);

const Rows = ({ rows }: { rows: readonly Row[] }) => (
  <dl className="divide-y divide-line">
    {rows.map(({ key, label, value }) => (
      <div key={key} className="grid gap-x-4 py-1.5 sm:grid-cols-[minmax(6rem,10rem)_minmax(0,1fr)]">
        <dt className="text-[13px] break-words text-ink-2">{label}</dt>
        <dd className="min-w-0">
          <Value said={value} />
        </dd>
      </div>
    ))}
  </dl>
);

function Value({ said }: { said: Said }) {
  if (said.kind === 'rows')
    return (
      <div className="border-l-2 border-line pl-3">
        <Rows rows={said.rows} />
      </div>
    );
  if (said.kind === 'list')
    return (
      <ol className="list-decimal space-y-0.5 pl-6 marker:text-ink-3">
        {said.items.map((item, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: it is shown once, and does not change
          <li key={place}>
            <Value said={item} />
          </li>
        ))}
      </ol>
    );
  return (
    <p
      dir="ltr"
      className={
        said.isLong
          ? 'border-l-2 border-line pl-3 break-words whitespace-pre-wrap'
          : 'break-words whitespace-pre-wrap'
      }
    >
      {said.text}
    </p>
  );
}
