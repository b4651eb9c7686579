/** Every save of a skill, what it changed, and the way back. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Skill } from '../../src/contract/skills.ts';
import { type SkillVersion, versionsQuery } from '../api/queries.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { t } from '../words/t.ts';

const VersionDialog = onDemand(async () => (await import('./skill-version-dialog.tsx')).VersionDialog);

export function Versions({ skill }: { skill: Skill }) {
  const versions = useQuery(versionsQuery(skill.slug));
  const [shown, setShown] = useState<SkillVersion>();
  return (
    <Panel title={t('Versions')} flush>
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
                {version.version === skill.version
                  ? t('current')
                  : (version.note ?? t('by {actor}', { actor: version.createdBy }))}
              </span>
              <Ago at={version.createdAt} className="text-[13px] text-ink-2" />
            </button>
          </li>
        ))}
      </ul>
      {shown && versions.data ? (
        <VersionDialog
          key={shown.version}
          skill={skill}
          versions={versions.data}
          shown={shown}
          onClose={() => setShown(undefined)}
        />
      ) : null}
    </Panel>
  );
}
