import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { NewSkillResult, SkillDefinition } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { isPassing } from '../api/client.ts';
import { skillQuery } from '../api/queries.ts';
import { PageProblem } from '../ui/page-problem.tsx';
import { PageHead, SkeletonRows } from '../ui/panel.tsx';
import { say } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { bodyOf, patchOf, type SkillDraft } from './skill-draft.ts';
import { SkillForm } from './skill-form.tsx';
import { NewSecret } from './skill-secret.tsx';
import { useGoBack } from './use-go-back.ts';

const route = getRouteApi('/skills/$slug/edit');

/** @param before the version that stands before the save, where there is one */
function useSave(send: (draft: SkillDraft) => Promise<NewSkillResult>, before?: number) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const back = useGoBack();
  const [secret, setSecret] = useState<{ secret: string; slug: string }>();
  const save = useMutation({
    mutationFn: send,
    onSuccess: async (skill) => {
      const { slug, version } = skill;
      const isChanged = before !== undefined && version > before;
      const undo = isChanged ? () => back.mutate({ slug, version: before }) : undefined;
      const { secret } = skill.triggerConfig as { secret?: unknown };
      if (typeof secret === 'string') setSecret({ secret, slug });
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(t('Saved as version {version}', { version }), skill.warnings?.join(' '), undo);
      if (typeof secret !== 'string')
        await navigate({ to: '/skills/$slug', params: { slug }, ignoreBlocker: true });
    },
  });
  return { save, secret };
}

export function EditSkillPage() {
  const { slug } = route.useParams();
  const navigate = useNavigate();
  const skill = useQuery({
    ...skillQuery(slug),
    refetchOnWindowFocus: false,
    // What is being written must not change under the hand.
    refetchOnMount: 'always',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { save, secret } = useSave(async (draft) => {
    if (!skill.data) throw new Error(t('There is nothing to change yet.'));
    return await api.updateSkill(
      { params: { slug }, body: patchOf(skill.data, draft) },
      {
        etag: `"${skill.data.id}.${skill.data.version}"`,
      },
    );
  }, skill.data?.version);
  if (skill.error && !(skill.data && isPassing(skill.error)))
    return (
      <PageProblem
        error={skill.error}
        title={t('This skill is not here')}
        list="/skills"
        listName={t('All skills')}
      />
    );
  if (!skill.data || (skill.isFetching && save.isIdle)) return <SkeletonRows rows={8} />;
  return (
    <>
      <PageHead
        title={t('Edit {name}', { name: skill.data.name })}
        lead={t('Saving makes a new version; the ones before are kept.')}
      />
      <NewSecret made={secret} />
      <SkillForm
        skill={skill.data}
        isNew={false}
        error={save.error}
        busy={save.isPending}
        isSaved={save.isSuccess}
        onSave={(draft) => save.mutate(draft)}
        onCancel={() => void navigate({ to: '/skills/$slug', params: { slug } })}
      />
    </>
  );
}

export function WriteSkillPage() {
  const navigate = useNavigate();
  const { save, secret } = useSave(
    async (draft) => await api.createSkill({ body: bodyOf(draft) as SkillDefinition }),
  );
  return (
    <>
      <PageHead
        title={t('Write a skill')}
        lead={t('Steps are done in order; each is given what the ones before it found.')}
      />
      <NewSecret made={secret} />
      <SkillForm
        skill={undefined}
        isNew
        error={save.error}
        busy={save.isPending}
        isSaved={save.isSuccess}
        onSave={(draft) => save.mutate(draft)}
        onCancel={() => void navigate({ to: '/skills/new' })}
      />
    </>
  );
}
