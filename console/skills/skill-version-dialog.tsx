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
import { say, sayProblem } from '../ui/toast.tsx';
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
      say(`Version ${shown.version} is current again`, 'As a new version: nothing in between is lost.');
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
      title={`Version ${shown.version}${isCurrent ? ', as it is now' : ''}`}
      lead={`Saved ${dayTime(shown.createdAt)} by ${shown.createdBy}${shown.note ? `: ${shown.note}` : ''}`}
      footer={
        isCurrent ? null : (
          <Button look="primary" onClick={() => setAsking(true)}>
            Go back to version {shown.version}
          </Button>
        )
      }
    >
      {versions.length < 2 ? (
        <p className="text-ink-2">It is the first and only one: there is nothing to compare it with yet.</p>
      ) : (
        <>
          <div className="mb-4 flex flex-wrap items-center gap-2 text-ink-2">
            <span aria-hidden="true">Compared with</span>
            <Select
              aria-label="Compared with"
              value={other}
              onChange={({ target }) => setOther(Number(target.value))}
              className="w-auto!"
            >
              {versions
                .filter(({ version }) => version !== shown.version)
                .map(({ version }) => (
                  <option key={version} value={version}>
                    version {version}
                    {version === skill.version ? ', as it is now' : ''}
                  </option>
                ))}
            </Select>
          </div>
          <DifferenceList
            left={`Version ${left.version}`}
            right={`Version ${right.version}`}
            differences={differencesOf(left.definition, right.definition)}
          />
        </>
      )}
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => restore.mutate()}
        busy={restore.isPending}
        title={`Go back to version ${shown.version}?`}
        verb="Go back"
        keep="Not now"
      >
        It is saved again as version {skill.version + 1}, and runs like that from then on. Every version in
        between is kept.
      </Confirm>
    </Dialog>
  );
}
