/** Two versions of a skill side by side, field by field; and the way back, which has one of its own. */
import { useState } from 'react';
import { differencesOf } from '../../src/contract/skill-differences.ts';
import type { Skill } from '../../src/contract/skills.ts';
import type { SkillVersion } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/field.tsx';
import { dayTime } from '../ui/format.ts';
import { t } from '../words/t.ts';
import { DifferenceList } from './difference-list.tsx';
import { useGoBack } from './use-go-back.ts';

export function VersionDialog({
  skill,
  versions,
  shown,
  saved,
  onClose,
}: {
  skill: Skill;
  /** All of them, the newest first. */
  versions: SkillVersion[];
  shown: SkillVersion;
  /** What its save was, and whose. */
  saved: string;
  onClose(): void;
}) {
  const isCurrent = shown.version === skill.version;
  // Of the current one, that its save be undone; of an earlier one, that it be so again.
  const back = isCurrent ? versions[1] : shown;
  // Of the current one, what its save changed; of an earlier one, what has changed since.
  const beside = isCurrent ? (versions[1]?.version ?? shown.version) : skill.version;
  const [other, setOther] = useState(beside);
  const compared = versions.find(({ version }) => version === other) ?? shown;
  const [left, right] = shown.version <= compared.version ? [shown, compared] : [compared, shown];
  const restore = useGoBack();
  const goBack = (version: number) => restore.mutate({ slug: skill.slug, version }, { onSuccess: onClose });
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
      lead={t('{at}: {saved}', { at: dayTime(shown.createdAt), saved })}
      footer={
        back === undefined ? null : (
          <Button
            look={isCurrent ? 'plain' : 'primary'}
            busy={restore.isPending}
            onClick={() => goBack(back.version)}
          >
            {isCurrent ? t('Undo this change') : t('Go back to version {version}', { version: back.version })}
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
