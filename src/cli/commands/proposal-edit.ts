import type { Command } from 'commander';
import type { Proposal } from '../../contract/proposals.ts';
import type { SkillField } from '../../contract/skill-field.ts';
import { skillFieldNames, skillFields } from '../../contract/skill-fields.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import type { Context } from '../context.ts';
import { editDefinition } from '../edit-json.ts';
import { resolveProposalId } from '../proposal-id.ts';
import { showProposal } from './proposal-show.ts';

export function addProposalEdit(noun: Command, dispatch: Dispatch): void {
  addVerb<{ anew?: boolean }>(noun, dispatch, {
    usage: 'edit <id>',
    summary: 'change what is proposed in your editor, before you accept it',
    description:
      'Opens the definition as JSON in $VISUAL or $EDITOR. It stays a proposal, compared with the skill and the tools as they are now: one that was stale can be accepted again.',
    examples: [
      ['alfred proposal edit last', 'edits, checks and shows it'],
      ['alfred proposal edit last --anew', 'as it was proposed, compared with what is there now'],
    ],
    options: (command) => command.option('--anew', 'without the editor: only compare it anew'),
    async run(context, [typed = ''], { anew = false }) {
      const api = await context.api();
      const id = await resolveProposalId(api, typed);
      const proposal = anew
        ? await api.editProposal({ params: { id }, body: {} })
        : await editProposal(context, api, id);
      showProposal(context, proposal);
      return undefined;
    },
  });
}

/** @throws CliProblem when it was decided, or nobody goes on editing */
export async function editProposal(context: Context, api: Api, id: string): Promise<Proposal> {
  const { slug, definition } = await api.getProposal({ params: { id } });
  const before = Object.fromEntries(
    skillFieldNames.flatMap((name): [string, unknown][] => {
      const { isDerived }: SkillField = skillFields[name];
      const value = definition[name];
      return isDerived === true || value === undefined || value === null ? [] : [[name, value]];
    }),
  );
  return await editDefinition(context, { name: slug, before }, async (edited) => {
    // What was taken out is taken away, and not left to the skill as it is.
    const gone = Object.keys(before).filter((name) => !(name in edited));
    const whole = { ...edited, ...Object.fromEntries(gone.map((name) => [name, null])) };
    return await api.editProposal({ params: { id }, body: { definition: whole } });
  });
}
