/** The tools of a connection, each to be looked at and tried. */
import { useState } from 'react';
import type { Connection, PinnedTool } from '../../src/contract/connections.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { ToolMarks } from '../skills/tool-picker.tsx';
import { cx } from '../ui/cx.ts';
import { plural } from '../ui/format.ts';
import { ChevronRight } from '../ui/icons.tsx';
import { JsonBox } from '../ui/json-tree.tsx';
import { Panel } from '../ui/panel.tsx';
import { TryTool } from './try-tool.tsx';

export function Tools({ connection }: { connection: Connection }) {
  const tools = connection.toolCatalog;
  return (
    <Panel title={tools.length === 0 ? 'Tools' : plural(tools.length, 'tool')} flush>
      {tools.length === 0 ? (
        <p className="px-4 py-4 text-ink-2">None is known yet. “Look for tools” asks the server.</p>
      ) : null}
      <ul className="divide-y divide-line">
        {tools.map((tool) => (
          <li key={tool.name}>
            <ToolPart connection={connection} tool={tool} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function ToolPart({ connection, tool }: { connection: Connection; tool: PinnedTool }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-start gap-3 px-4 py-2.5 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden="true"
          className={cx('mt-1 size-3.5 shrink-0 text-ink-3 transition-transform', isOpen && 'rotate-90')}
        />
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-2">
            <span className="font-medium break-all">{visibleText(tool.name)}</span>
            <ToolMarks tool={tool} />
          </span>
          {tool.description ? (
            <span className={cx('block text-[13px] text-ink-2', !isOpen && 'line-clamp-1')}>
              {tool.description}
            </span>
          ) : null}
        </span>
      </button>
      {isOpen ? (
        <div className="space-y-4 px-4 pt-1 pb-4 pl-10">
          <TryTool
            connection={connection.name}
            tool={tool}
            disabled={!connection.approved || tool.off !== undefined}
          />
          <details>
            <summary className="text-[13px] text-ink-2">Its schema</summary>
            <div className="mt-2">
              <JsonBox value={tool.inputSchema} />
            </div>
          </details>
        </div>
      ) : null}
    </div>
  );
}
