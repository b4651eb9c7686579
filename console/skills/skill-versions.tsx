/** Every save of a skill, what it changed, and the way back. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { differencesOf } from '../../src/contract/skill-differences.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { type SkillVersion, tokensQuery, versionsQuery } from '../api/queries.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { t } from '../words/t.ts';
import { changesInShort } from './difference-words.ts';
import { savedWords } from './who-saved.ts';

const VersionDialog = onDemand(async () => (await import('./skill-version-dialog.tsx')).VersionDialog);

export function Versions({ skill }: { skill: Skill }) {
  const versions = useQuery(versionsQuery(skill.slug));
  const tokens = useQuery(tokensQuery);
  const [shown, setShown] = useState<SkillVersion>();
  return (
    <Panel title={t('Versions')} flush>
      <ul className="max-h-72 divide-y divide-line overflow-y-auto">
        {versions.data?.map((version, place, all) => (
          <li key={version.version}>
            <button
              type="button"
              onClick={() => setShown(version)}
              className="flex w-full items-baseline gap-3 px-4 py-2 text-left hover:bg-hover"
            >
              <span className="font-medium tabular-nums">{version.version}</span>
              <span className="min-w-0 flex-1 text-[13px] text-ink-2">
                <span className="block truncate">
                  {version.version === skill.version
                    ? t('current: {saved}', { saved: savedWords(version, tokens.data) })
                    : savedWords(version, tokens.data)}
                </span>
                <Changes of={version} since={all[place + 1]} />
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
          saved={savedWords(shown, tokens.data)}
          onClose={() => setShown(undefined)}
        />
      ) : null}
    </Panel>
  );
}

/** What its save changed; of the first, and of one that is an earlier one again, nothing more is said. */
function Changes({ of, since }: { of: SkillVersion; since: SkillVersion | undefined }) {
  if (since === undefined || of.note?.startsWith('restored from version ')) return null;
  const words = changesInShort(differencesOf(since.definition, of.definition));
  return words === '' ? null : (
    // Both values are what one wants to read of it.
    <span className="line-clamp-3 text-ink" title={words}>
      {words}
    </span>
  );
}
