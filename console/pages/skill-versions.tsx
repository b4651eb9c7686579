/** Every save of a skill, what it changed, and the way back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { diffLines } from 'diff';
import { useState } from 'react';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/client.ts';
import { type SkillVersion, versionsQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';

export function Versions({ skill }: { skill: Skill }) {
  const versions = useQuery(versionsQuery(skill.slug));
  const [shown, setShown] = useState<SkillVersion>();
  const current = versions.data?.find(({ version }) => version === skill.version);
  return (
    <Panel title="Versions" flush>
      <ul className="max-h-72 divide-y divide-line overflow-y-auto">
        {versions.data?.map((version) => (
          <li key={version.version}>
            <button
              type="button"
              onClick={() => setShown(version)}
              className="flex w-full items-center gap-3 px-4 py-2 text-left hover:bg-hover"
            >
              <span className="font-medium tabular-nums">{version.version}</span>
              <span className="min-w-0 flex-1 truncate text-[13px] text-ink-2">
                {version.version === skill.version ? 'current' : (version.note ?? version.createdBy)}
              </span>
              <Ago at={version.createdAt} className="text-[13px] text-ink-2" />
            </button>
          </li>
        ))}
      </ul>
      {shown && current ? (
        <Compare skill={skill} then={shown} now={current} onClose={() => setShown(undefined)} />
      ) : null}
    </Panel>
  );
}

function Compare({
  skill,
  then,
  now,
  onClose,
}: {
  skill: Skill;
  then: SkillVersion;
  now: SkillVersion;
  onClose(): void;
}) {
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: () => api('POST', `/api/v1/skills/${skill.slug}/versions/${then.version}/restore`),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(`Version ${then.version} is current again`, 'As a new version: nothing in between is lost.');
      onClose();
    },
    onError: sayProblem,
  });
  const isCurrent = then.version === now.version;
  const parts = diffLines(textOf(then.definition), textOf(now.definition));
  return (
    <Dialog
      open
      width="lg"
      onClose={onClose}
      title={isCurrent ? `Version ${then.version}` : `From version ${then.version} to ${now.version}`}
      lead={isCurrent ? 'This is how it is now.' : 'Red is how it was, green is how it is now.'}
      footer={
        isCurrent ? null : (
          <Button look="primary" busy={restore.isPending} onClick={() => restore.mutate()}>
            Go back to version {then.version}
          </Button>
        )
      }
    >
      <pre className="overflow-x-auto rounded-lg bg-sunken py-2 font-mono text-[12.5px] leading-relaxed">
        {parts.map(({ value, added, removed }, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no name but their place
            key={index}
            className={cx('px-3', added && 'bg-good-soft text-good', removed && 'bg-bad-soft text-bad')}
          >
            {value.replace(/^(?=.)/gm, added ? '+ ' : removed ? '- ' : '  ').replace(/\n$/, '')}
          </div>
        ))}
      </pre>
    </Dialog>
  );
}

/** A definition as lines that a person can compare: JSON, with the line ends of its texts kept. */
const textOf = (definition: Record<string, unknown>): string =>
  JSON.stringify(definition, null, 2).replaceAll('\\n', '\n      ');
