/** Each tool that is ready, and how it may be used. */
import { useState } from 'react';
import type { Connection, PinnedTool } from '../../src/contract/connections.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { Tag } from '../skills/skills.tsx';
import { Input, Select } from '../ui/field.tsx';
import { Search } from '../ui/icons.tsx';
import { type Choice, choosable, howUsed, isReadOnly, type ToolUse, withUse } from './tool-choice.ts';

export function ToolUses({
  choice,
  connections,
  onChoice,
}: {
  choice: Choice;
  connections: readonly Connection[];
  onChoice(choice: Choice): void;
}) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const groups = choosable(connections)
    .map(({ connection, tools }) => ({
      connection,
      tools: tools.filter((tool) => `${connection} ${tool.name}`.toLowerCase().includes(wanted)),
    }))
    .filter(({ tools }) => tools.length > 0);
  return (
    <div className="rounded-lg border border-line">
      <div className="relative border-b border-line p-2">
        <Search aria-hidden="true" className="absolute top-4.5 left-4.5 size-4 text-ink-3" />
        <Input
          type="search"
          aria-label="Find a tool"
          placeholder="Find a tool"
          value={text}
          onChange={({ target }) => setText(target.value)}
          className="pl-8"
        />
      </div>
      <div className="max-h-72 overflow-y-auto p-2">
        {groups.length === 0 ? <p className="px-2 py-4 text-ink-2">No tool is ready that fits.</p> : null}
        {groups.map(({ connection, tools }) => (
          <fieldset key={connection} className="mb-2">
            <legend className="px-2 py-1 text-[13px] font-medium text-ink-2">{connection}</legend>
            {tools.map((tool) => (
              <Use
                key={tool.name}
                tool={tool}
                use={howUsed(choice, connection, tool)}
                onUse={(use) => onChoice(withUse(choice, connections, { connection, tool, use }))}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </div>
  );
}

function Use({ tool, use, onUse }: { tool: PinnedTool; use: ToolUse; onUse(use: ToolUse): void }) {
  const name = visibleText(tool.name);
  return (
    <div className="flex items-center gap-3 rounded-md px-2 py-1 hover:bg-hover">
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
        <span className="font-medium break-all">{name}</span>
        {isReadOnly(tool) ? <Tag>only reads</Tag> : <Tag>may change things</Tag>}
      </span>
      <Select
        aria-label={`How ${name} may be used`}
        value={use}
        onChange={({ target }) => onUse(target.value as ToolUse)}
        className="w-36! shrink-0"
      >
        <option value="off">not at all</option>
        {isReadOnly(tool) ? null : <option value="asks">after asking</option>}
        <option value="free">unasked</option>
      </Select>
    </div>
  );
}
