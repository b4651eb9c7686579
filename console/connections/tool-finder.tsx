/** The tools of all connections, found by what is typed. */
import { type ReactNode, useState } from 'react';
import type { PinnedTool } from '../../src/contract/connections.ts';
import { SearchInput } from '../ui/search-input.tsx';

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
  const wanted = text.trim().toLowerCase();
  const found = groups
    .map(({ connection, tools }) => ({
      connection,
      tools: tools.filter(({ name, description = '' }) =>
        `${connection} ${name} ${description}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter(({ tools }) => tools.length > 0);
  return (
    <div className="rounded-lg border border-line">
      <div className="border-b border-line p-2">
        <SearchInput label="Find a tool" text={text} onText={setText} />
      </div>
      <div className="max-h-72 overflow-y-auto p-2">
        {found.length === 0 ? <p className="px-2 py-4 text-ink-2">{none}</p> : null}
        {found.map(({ connection, tools }) => (
          <fieldset key={connection} className="mb-2">
            <legend className="px-2 py-1 text-[13px] font-medium text-ink-2">{connection}</legend>
            {tools.map((tool) => children(connection, tool))}
          </fieldset>
        ))}
      </div>
    </div>
  );
}
