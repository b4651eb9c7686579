/** A proposal in a person's own words, before it is accepted. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { proposalQuery } from '../api/queries.ts';
import { bodyOf, draftOf, type SkillDraft } from '../skills/skill-draft.ts';
import { SkillForm } from '../skills/skill-form.tsx';
import { PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { nameOf } from './proposal-parts.tsx';

const route = getRouteApi('/proposals/$id/edit');

export function EditProposalPage() {
  const { id } = route.useParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const proposal = useQuery({
    ...proposalQuery(id),
    // What is being written must not change under the hand.
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const back = () => navigate({ to: '/proposals/$id', params: { id }, ignoreBlocker: true });
  const save = useMutation({
    mutationFn: (draft: SkillDraft) =>
      api.editProposal({ params: { id }, body: { definition: bodyOf(draft) } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['proposals'] });
      say(t('The proposal is changed'), t('It is no skill yet: accept it to have it saved.'));
      await back();
    },
  });
  if (proposal.error) return <ProblemNote error={proposal.error} />;
  if (!proposal.data) return <SkeletonRows rows={8} />;
  return (
    <>
      <PageHead
        title={t('Edit the proposal “{proposal}”', { proposal: nameOf(proposal.data) })}
        lead={t('What you save here is still a proposal, against the skill and the tools as they are now.')}
      />
      <SkillForm
        skill={undefined}
        start={draftOf(proposal.data.definition as unknown as Skill)}
        isNew={false}
        error={save.error}
        busy={save.isPending}
        isSaved={save.isSuccess}
        onSave={(draft) => save.mutate(draft)}
        onCancel={() => void navigate({ to: '/proposals/$id', params: { id } })}
      />
    </>
  );
}
