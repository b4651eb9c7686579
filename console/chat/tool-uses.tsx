/** Each tool that is ready, and how it may be used. */
import type { Connection, PinnedTool } from '../../src/contract/connections.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { ToolFinder } from '../connections/tool-finder.tsx';
import { Tag } from '../skills/skills.tsx';
import { Select } from '../ui/field.tsx';
import { t } from '../words/t.ts';
import { type Choice, choosable, howUsed, isReadOnly, type ToolUse, withUse } from './tool-choice.ts';

export const ToolUses = ({
  choice,
  connections,
  onChoice,
}: {
  choice: Choice;
  connections: readonly Connection[];
  onChoice(choice: Choice): void;
}) => (
  <ToolFinder groups={choosable(connections)} none={t('No tool is ready that fits.')}>
    {(connection, tool) => (
      <Use
        key={tool.name}
        tool={tool}
        use={howUsed(choice, connection, tool)}
        onUse={(use) => onChoice(withUse(choice, connections, { connection, tool, use }))}
      />
    )}
  </ToolFinder>
);

function Use({ tool, use, onUse }: { tool: PinnedTool; use: ToolUse; onUse(use: ToolUse): void }) {
  const name = visibleText(tool.name);
  return (
    <div className="flex items-center gap-3 rounded-md px-2 py-1 hover:bg-hover">
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
        <span className="font-medium break-all">{name}</span>
        {isReadOnly(tool) ? <Tag>{t('only reads')}</Tag> : <Tag>{t('may change things')}</Tag>}
      </span>
      <Select
        aria-label={t('How {name} may be used', { name })}
        value={use}
        onChange={({ target }) => onUse(target.value as ToolUse)}
        className="w-36! shrink-0"
      >
        <option value="off">{t('not at all')}</option>
        {isReadOnly(tool) ? null : <option value="asks">{t('after asking')}</option>}
        <option value="free">{t('unasked')}</option>
      </Select>
    </div>
  );
}
