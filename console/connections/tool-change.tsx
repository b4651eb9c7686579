/** A tool as it was approved and as it is now, side by side. */
import { diffWordsWithSpace } from 'diff';
import type { PinnedTool, Tool } from '../../src/contract/connections.ts';
import { visibleJson, visibleLines, visibleText } from '../../src/contract/visible.ts';
import { Side } from '../ui/side.tsx';
import { t } from '../words/t.ts';

export function ToolChange({ tool }: { tool: PinnedTool }) {
  const before = tool.off === 'new' ? undefined : tool;
  const after = tool.off === 'new' ? tool : tool.pending;
  const fields = parts.filter(({ of }) => textOf(before, of) !== textOf(after, of));
  return (
    <section aria-label={visibleText(tool.name)} className="space-y-2">
      <h3>
        <span className="font-medium break-all">{visibleText(tool.name)}</span>{' '}
        <span className="text-ink-2">{words[tool.off ?? 'changed']}</span>
      </h3>
      {tool.off === 'gone'
        ? null
        : fields.map(({ name, of }) => {
            const changes = diffWordsWithSpace(textOf(before, of) ?? '', textOf(after, of) ?? '');
            return (
              <div key={name} className="space-y-1">
                <h4 className="text-[13px] text-ink-2">{name}</h4>
                <div className={before === undefined ? '' : 'grid gap-2 md:grid-cols-2 md:gap-3'}>
                  {before === undefined ? null : (
                    <Side
                      of={t('As you approved it')}
                      changes={textOf(before, of) === undefined ? undefined : changes}
                      side="removed"
                    />
                  )}
                  <Side
                    of={t('As it is now')}
                    changes={textOf(after, of) === undefined ? undefined : changes}
                    side="added"
                  />
                </div>
              </div>
            );
          })}
    </section>
  );
}

const words = {
  changed: t('is not what you approved'),
  new: t('is new'),
  gone: t('is not offered any more; approving takes it off the list'),
  unusable: t('cannot be given to a model'),
} as const;

const parts: { name: string; of(tool: Tool): unknown }[] = [
  { name: t('Title'), of: ({ title }) => title },
  { name: t('What it says of itself'), of: ({ description }) => description },
  { name: t('What it takes'), of: ({ inputSchema }) => inputSchema },
  { name: t('What it answers'), of: ({ outputSchema }) => outputSchema },
  { name: t('What it says it does to the world'), of: ({ annotations }) => annotations },
];

function textOf(tool: Tool | undefined, of: (tool: Tool) => unknown): string | undefined {
  const value = tool === undefined ? undefined : of(tool);
  if (value === undefined) return undefined;
  return typeof value === 'string' ? visibleLines(value) : visibleJson(value);
}
