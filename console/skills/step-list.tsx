/** The steps of a skill as they are read: what to do, how, and with which tools. */

import type { Step } from '../../src/contract/skills.ts';
import { parseToolName } from '../../src/contract/tool-name.ts';
import { t } from '../words/t.ts';

export const StepList = ({ steps }: { steps: readonly Step[] }) => (
  <ol className="divide-y divide-line">
    {steps.map((step) => (
      <li key={step.id} className="grid grid-cols-[1.75rem_minmax(0,1fr)] gap-2 px-4 py-4">
        <span className="mt-0.5 flex size-5.5 items-center justify-center rounded-full bg-sunken text-xs font-semibold text-ink-2">
          {step.id}
        </span>
        <div className="min-w-0 space-y-2">
          <p className="leading-relaxed break-words whitespace-pre-wrap">{step.prompt}</p>
          {step.guidance ? (
            <p className="border-l-2 border-line pl-3 text-ink-2 break-words whitespace-pre-wrap">
              {step.guidance}
            </p>
          ) : null}
          <ToolList names={step.allowedTools} />
        </div>
      </li>
    ))}
  </ol>
);

function ToolList({ names }: { names: string[] }) {
  if (names.length === 0) return <p className="text-[13px] text-ink-3">{t('Uses no tools.')}</p>;
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label={t('Allowed tools')}>
      {names.map((name) => {
        const tool = parseToolName(name);
        return (
          <li
            key={name}
            className="max-w-full truncate rounded-md border border-line bg-sunken px-2 text-[13px] leading-6"
          >
            <span className="text-ink-2">{tool?.connection}</span>{' '}
            {tool?.tool === '*' ? t('all tools') : tool?.tool}
          </li>
        );
      })}
    </ul>
  );
}
