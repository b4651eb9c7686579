/** The tools that a step may use, from the real catalogues; all else is a wall. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PinnedTool } from '../../src/contract/connections.ts';
import { formatToolName, parseToolName } from '../../src/contract/tool-name.ts';
import { connectionsQuery } from '../api/queries.ts';
import { ToolFinder } from '../connections/tool-finder.tsx';
import { X } from '../ui/icons.tsx';
import { t } from '../words/t.ts';
import { Tag } from './skills.tsx';

export function ToolPicker({
  names,
  error,
  onNames,
}: {
  names: string[];
  error: string | undefined;
  onNames(names: string[]): void;
}) {
  const connections = useQuery(connectionsQuery);
  const [isOpen, setOpen] = useState(false);
  const groups = (connections.data ?? []).map(({ name, toolCatalog }) => ({
    connection: name,
    tools: toolCatalog,
  }));
  const toggle = (name: string) =>
    onNames(names.includes(name) ? names.filter((other) => other !== name) : [...names, name]);
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="font-medium">{t('Tools that it may use')}</legend>
      <ul className="flex flex-wrap gap-1.5">
        {names.map((name) => {
          const tool = parseToolName(name);
          return (
            <li
              key={name}
              className="flex items-center gap-1 rounded-md border border-line bg-sunken pl-2 text-[13px] leading-7"
            >
              <span className="text-ink-2">{tool?.connection}</span>{' '}
              {tool?.tool === '*' ? t('all tools') : (tool?.tool ?? name)}
              <button
                type="button"
                aria-label={t('Take {name} away', { name })}
                onClick={() => toggle(name)}
                className="flex size-7 items-center justify-center rounded text-ink-3 hover:text-bad"
              >
                <X className="size-3.5" />
              </button>
            </li>
          );
        })}
        <li>
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className="rounded-md border border-dashed border-line-strong px-2.5 text-[13px] leading-7 text-ink-2 hover:text-ink"
          >
            {isOpen ? t('Done') : names.length === 0 ? t('None: choose tools') : t('Choose tools')}
          </button>
        </li>
      </ul>
      {error === undefined ? null : <p className="text-[13px] text-bad">{error}</p>}
      {isOpen ? (
        <ToolFinder
          groups={groups}
          none={connections.data?.length === 0 ? t('There is no connection yet.') : t('No tool fits.')}
        >
          {(connection, tool) => (
            <ToolOption
              key={tool.name}
              tool={tool}
              isChosen={names.includes(formatToolName({ connection, tool: tool.name }))}
              onToggle={() => toggle(formatToolName({ connection, tool: tool.name }))}
            />
          )}
        </ToolFinder>
      ) : null}
    </fieldset>
  );
}

function ToolOption({ tool, isChosen, onToggle }: { tool: PinnedTool; isChosen: boolean; onToggle(): void }) {
  return (
    <label className="flex items-start gap-3 rounded-md px-2 py-1.5 hover:bg-hover">
      <input type="checkbox" checked={isChosen} onChange={onToggle} className="mt-1 size-4 accent-accent" />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-all">{tool.name}</span>
          <ToolMarks tool={tool} />
        </span>
        {tool.description ? (
          <span className="line-clamp-2 text-[13px] text-ink-2">{tool.description}</span>
        ) : null}
      </span>
    </label>
  );
}

/** What a tool says that it does to the world. */
export function ToolMarks({ tool }: { tool: PinnedTool }) {
  const { readOnlyHint, destructiveHint } = tool.annotations ?? {};
  return (
    <>
      {readOnlyHint ? <Tag>{t('only reads')}</Tag> : <Tag>{t('may change things')}</Tag>}
      {!readOnlyHint && destructiveHint !== false ? (
        <span className="text-xs font-medium text-wait">{t('may destroy')}</span>
      ) : null}
      {tool.off === undefined ? null : (
        <span className="text-xs font-medium text-bad">{t('off: {off}', { off: tool.off })}</span>
      )}
    </>
  );
}
