/** The tools of a connection, each to be looked at and tried. */
import type { Connection, PinnedTool } from '../../src/contract/connections.ts';
import { lackedScopes } from '../../src/contract/scopes.ts';
import { unusableWords } from '../../src/contract/unusable-tools.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { ToolMarks } from '../skills/tool-picker.tsx';
import { FoldRow } from '../ui/fold-row.tsx';
import { JsonBox } from '../ui/json-tree.tsx';
import { Panel } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { TryTool } from './try-tool.tsx';

export function Tools({ connection }: { connection: Connection }) {
  const tools = connection.toolCatalog;
  const unusable = unusableWords(tools);
  return (
    <Panel
      title={
        tools.length === 0
          ? t('Tools')
          : t('{tools, plural, one {# tool} other {# tools}}', { tools: tools.length })
      }
      flush
    >
      {tools.length === 0 ? (
        <p className="px-4 py-4 text-ink-2">{t('None is known yet. “Look for tools” asks the server.')}</p>
      ) : null}
      {unusable === undefined ? null : (
        <p className="border-b border-line px-4 py-3 text-[13px] text-wait break-words">
          {visibleText(unusable)}
        </p>
      )}
      <ul className="divide-y divide-line">
        {tools.map((tool) => (
          <li key={tool.name}>
            <ToolPart connection={connection} tool={tool} lacks={lacksOf(connection, tool)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What the sign-in was not granted of what it needs. */
const lacksOf = ({ login }: Connection, { scopes }: PinnedTool): string[] =>
  login?.state === 'signed_in' ? lackedScopes(scopes, login.scope) : [];

const ToolPart = ({
  connection,
  tool,
  lacks,
}: {
  connection: Connection;
  tool: PinnedTool;
  lacks: string[];
}) => (
  <FoldRow
    head={
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-all">{visibleText(tool.name)}</span>
          <ToolMarks tool={tool} />
        </span>
        {tool.description ? (
          <span className="line-clamp-1 text-[13px] text-ink-2 group-aria-expanded:line-clamp-none">
            {tool.description}
          </span>
        ) : null}
        {lacks.length > 0 ? (
          <span className="block text-[13px] text-wait break-words">
            {t('The sign-in was not granted {visibleText}: sign in again and allow it.', {
              visibleText: lacks.map(visibleText).join(', '),
            })}
          </span>
        ) : null}
        {tool.unusable ? (
          <span className="block text-[13px] text-wait">
            {t('No model can be given it: {unusable}.', { unusable: tool.unusable })}
          </span>
        ) : null}
      </span>
    }
  >
    <TryTool
      connection={connection.name}
      tool={tool}
      disabled={!connection.approved || tool.off !== undefined}
    />
    <details>
      <summary className="text-[13px] text-ink-2">{t('Its schema')}</summary>
      <div className="mt-2">
        <JsonBox value={tool.inputSchema} />
      </div>
    </details>
  </FoldRow>
);
