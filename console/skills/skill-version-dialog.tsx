/** Two versions of a skill side by side, field by field; and the way back, asked for once more. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { differencesOf } from '../../src/contract/skill-differences.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import type { SkillVersion } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/field.tsx';
import { dayTime } from '../ui/format.ts';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { DifferenceList } from './difference-list.tsx';

export function VersionDialog({
  skill,
  versions,
  shown,
  onClose,
}: {
  skill: Skill;
  /** All of them, the newest first. */
  versions: SkillVersion[];
  shown: SkillVersion;
  onClose(): void;
}) {
  const isCurrent = shown.version === skill.version;
  // Of the current one, what its save changed; of an earlier one, what has changed since.
  const beside = isCurrent ? (versions[1]?.version ?? shown.version) : skill.version;
  const [other, setOther] = useState(beside);
  const [isAsking, setAsking] = useState(false);
  const compared = versions.find(({ version }) => version === other) ?? shown;
  const [left, right] = shown.version <= compared.version ? [shown, compared] : [compared, shown];
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: () => api.restoreSkillVersion({ params: { slug: skill.slug, version: shown.version } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(
        t('Version {version} is current again', { version: shown.version }),
        t('As a new version: nothing in between is lost.'),
      );
      onClose();
    },
    onError: sayProblem,
    onSettled: () => setAsking(false),
  });
  return (
    <Dialog
      open
      width="xl"
      onClose={onClose}
      title={
        isCurrent
          ? t('Version {version}, as it is now', { version: shown.version })
          : t('Version {version}', { version: shown.version })
      }
      lead={t('Saved {at} by {by}{note, select, none {} other {: {note}}}', {
        at: dayTime(shown.createdAt),
        by: shown.createdBy,
        note: shown.note || 'none',
      })}
      footer={
        isCurrent ? null : (
          <Button look="primary" onClick={() => setAsking(true)}>
            {t('Go back to version {version}', { version: shown.version })}
          </Button>
        )
      }
    >
      {versions.length < 2 ? (
        <p className="text-ink-2">
          {t('It is the first and only one: there is nothing to compare it with yet.')}
        </p>
      ) : (
        <>
          <Other skill={skill} versions={versions} shown={shown.version} other={other} onOther={setOther} />
          <DifferenceList
            left={t('Version {version}', { version: left.version })}
            right={t('Version {version}', { version: right.version })}
            differences={differencesOf(left.definition, right.definition)}
          />
        </>
      )}
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => restore.mutate()}
        busy={restore.isPending}
        title={t('Go back to version {version}?', { version: shown.version })}
        verb={t('Go back')}
        keep={t('Not now')}
      >
        {t(
          'It is saved again as version {version}, and runs like that from then on. Every version in between is kept.',
          { version: skill.version + 1 },
        )}
      </Confirm>
    </Dialog>
  );
}

/** Which version it is compared with. */
const Other = ({
  skill,
  versions,
  shown,
  other,
  onOther,
}: {
  skill: Skill;
  versions: readonly SkillVersion[];
  shown: number;
  other: number;
  onOther(version: number): void;
}) => (
  <div className="mb-4 flex flex-wrap items-center gap-2 text-ink-2">
    <span aria-hidden="true">{t('Compared with')}</span>
    <Select
      aria-label={t('Compared with')}
      value={other}
      onChange={({ target }) => onOther(Number(target.value))}
      className="w-auto!"
    >
      {versions
        .filter(({ version }) => version !== shown)
        .map(({ version }) => (
          <option key={version} value={version}>
            {version === skill.version
              ? t('version {version}, as it is now', { version })
              : t('version {version}', { version })}
          </option>
        ))}
    </Select>
  </div>
);
