import type { Command } from 'commander';
import type { Proposal } from '../../contract/proposals.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { shortId } from '../execution-id.ts';
import { resolveProposalId } from '../proposal-id.ts';
import { renderProposal } from '../render/proposal.ts';

export function addProposalShow(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'show <id>',
    summary: 'what is proposed: what it may reach, what is risky, and every word of it',
    description:
      'Of a skill that is there, what would change, line by line. ID: a whole one, its end, or last.',
    examples: [['alfred proposal show last', 'the latest']],
    async run(context, [typed = '']) {
      const api = await context.api();
      const proposal = await api.getProposal({ params: { id: await resolveProposalId(api, typed) } });
      showProposal(context, proposal);
      return undefined;
    },
  });
}

/** The proposal, and what can be done with it. */
export function showProposal(context: Context, proposal: Proposal): void {
  present(context, proposal, () => `${renderProposal(proposal, context.out, context.columns)}\n`);
  const { id, status, slug } = proposal;
  const next = {
    open: ['rehearse', 'edit', 'accept', 'reject'],
    stale: ['edit', 'reject'],
    accepted: [],
    rejected: [],
  }[status];
  for (const verb of next) context.note(context.err.dim(`  alfred proposal ${verb} ${shortId(id)}`));
  if (status === 'accepted') context.note(context.err.dim(`  alfred skill run ${slug}`));
}
