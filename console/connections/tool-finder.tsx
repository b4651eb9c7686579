/** The tools of all connections, found by what is typed. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { PinnedTool } from '../../src/contract/connections.ts';
import { SearchInput } from '../ui/search-input.tsx';
import { t } from '../words/t.ts';

export type ToolGroup = { connection: string; tools: readonly PinnedTool[] };

export function ToolFinder({
  groups,
  none,
  children,
}: {
  groups: readonly ToolGroup[];
  /** What is said where no tool fits. */
  none: string;
  /** The row of one tool. */
  children(connection: string, tool: PinnedTool): ReactNode;
}) {
  const [text, setText] = useState('');
  const [isReading, setReading] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  // It opens where the page may end.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const wanted = text.trim().toLowerCase();
  const found = groups
    .map(({ connection, tools }) => ({
      connection,
      tools: tools.filter(
        ({ name, description = '', annotations }) =>
          (!isReading || annotations?.readOnlyHint === true) &&
          `${connection} ${name} ${description}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter(({ tools }) => tools.length > 0);
  return (
    <div ref={box} className="scroll-mt-4 scroll-mb-32 rounded-lg border border-line">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line p-2">
        <div className="min-w-48 flex-1">
          <SearchInput label={t('Find a tool')} text={text} onText={setText} />
        </div>
        <label className="flex items-center gap-2 pr-2 text-[13px]">
          <input
            type="checkbox"
            checked={isReading}
            onChange={({ target }) => setReading(target.checked)}
            className="size-4 accent-accent"
          />
          {t('Only tools that just read')}
        </label>
      </div>
      <div className="max-h-72 overflow-y-auto p-2">
        {found.length === 0 ? <p className="px-2 py-4 text-ink-2">{none}</p> : null}
        {found.map(({ connection, tools }) => (
          <details key={connection} open className="mb-2">
            <summary className="rounded px-2 py-1 text-[13px] font-medium text-ink-2 hover:bg-hover">
              {connection}{' '}
              <span className="font-normal text-ink-3">
                {t('{tools, plural, one {# tool} other {# tools}}', { tools: tools.length })}
              </span>
            </summary>
            {tools.map((tool) => children(connection, tool))}
          </details>
        ))}
      </div>
    </div>
  );
}
