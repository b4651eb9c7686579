import type { Command } from 'commander';
import type { DecidedProposal, Proposal } from '../../contract/proposals.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';
import { resolveProposalId } from '../proposal-id.ts';
import { proposalName, renderProposal } from '../render/proposal.ts';
import { clean } from '../render/text.ts';

export function addProposalAccept(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'accept <id>',
    summary: 'save what is proposed as a skill, once you have read it',
    examples: [['alfred proposal accept last', 'shows it, asks, and saves it']],
    options: (command) => command.option('-y, --yes', 'do not ask again'),
    async run(context, [typed = ''], { yes = false }) {
      const api = await context.api();
      const proposal = await api.getProposal({ params: { id: await resolveProposalId(api, typed) } });
      if (!context.json && !yes) context.note(renderProposal(proposal, context.err, context.columns));
      await accept(context, api, proposal, yes);
      return undefined;
    },
  });
}

export function addProposalReject(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'reject <id>',
    summary: 'decline what is proposed; nothing is saved',
    examples: [['alfred proposal reject last', 'declines the latest']],
    async run(context, [typed = '']) {
      const api = await context.api();
      await reject(context, api, await resolveProposalId(api, typed));
      return undefined;
    },
  });
}

/** @throws CliProblem when the person says no, or it cannot be accepted any more */
export async function accept(
  context: Context,
  api: Api,
  proposal: Proposal,
  isSure: boolean,
): Promise<DecidedProposal> {
  const { id, slug, baseVersion } = proposal;
  const question =
    baseVersion === null ? `Save it as the skill ${slug}?` : `Save it as a new version of ${slug}?`;
  await confirmOrStop(context, question, isSure || proposal.status !== 'open');
  const decided = await api.decideProposal({ params: { id }, body: { decision: 'accept' } });
  const { skill } = decided;
  const { out, err } = context;
  present(
    context,
    decided,
    () => `${out.green('✓')} ${out.bold(slug)} is saved as version ${skill?.version ?? 1}`,
  );
  for (const warning of skill?.warnings ?? []) context.note(`${err.yellow('!')} ${clean(warning)}`);
  const secret = skill?.triggerConfig.secret;
  if (typeof secret === 'string')
    context.note(`  the webhook’s secret, shown this once: ${err.bold(clean(secret))}`);
  context.note(
    err.dim(
      skill?.isActive === false ? `  it is a draft: alfred skill edit ${slug}` : `  alfred skill run ${slug}`,
    ),
  );
  return decided;
}

export async function reject(context: Context, api: Api, id: string): Promise<DecidedProposal> {
  const decided = await api.decideProposal({ params: { id }, body: { decision: 'reject' } });
  present(context, decided, () => `declined ${proposalName(decided)}: nothing was saved`);
  return decided;
}
