/** A proposal for a person: what it may reach and what is risky in plain words, and every word of what would be saved. */
import { changesBetween } from '../../contract/changes-between.ts';
import type { Proposal } from '../../contract/proposals.ts';
import type { Step } from '../../contract/skills.ts';
import { visibleLines, visibleText } from '../../contract/visible.ts';
import type { Colors } from '../context.ts';
import { formatFullTime } from './figures.ts';
import { renderFields } from './table.ts';
import { wrap } from './text.ts';

export const proposalWords: Record<Proposal['status'], string> = {
  open: 'waits for you',
  stale: 'stale',
  accepted: 'accepted',
  rejected: 'declined',
};

export const proposalName = ({ definition, slug }: Pick<Proposal, 'definition' | 'slug'>): string =>
  visibleText(typeof definition.name === 'string' ? definition.name : slug);

export function renderProposal(proposal: Proposal, colors: Colors, columns: number | undefined): string {
  const width = Math.min(columns ?? 100, 100);
  const { status, slug, baseVersion, staleBecause, reach, newTools, risks, notes, definition } = proposal;
  const isUndecided = status === 'open' || status === 'stale';
  const paint = status === 'accepted' ? colors.green : isUndecided ? colors.yellow : colors.dim;
  const list = (items: readonly string[], mark = ''): string | undefined =>
    items.length === 0
      ? undefined
      : items.map((item) => wrap(`${mark}${visibleText(item)}`, width - 12)).join('\n');
  const about = typeof definition.description === 'string' ? visibleText(definition.description) : '';
  const fields = renderFields(
    [
      [
        'proposal',
        `${colors.bold(proposalName(proposal))} ${colors.dim('·')} ${paint(proposalWords[status])}`,
      ],
      ['about', about === '' ? undefined : wrap(about, width - 12)],
      [
        'makes',
        baseVersion === null ? `a new skill, ${slug}` : `a change of ${slug}, version ${baseVersion}`,
      ],
      ['when', wrap(visibleText(proposal.when), width - 12)],
      ['reaches', list(reach)],
      ['new tools', list(newTools, '+ ')],
      ['risky', risks.length === 0 ? 'nothing that is known: it changes nothing unasked' : list(risks, '! ')],
      ['stale', list(staleBecause)],
      ['notes', list(notes)],
      ['from', originOf(proposal)],
      ['rehearsed', proposal.rehearsalId ?? (isUndecided ? 'not yet' : undefined)],
      [
        'decided',
        proposal.decidedAt === null
          ? undefined
          : `${formatFullTime(proposal.decidedAt)}, by ${String(proposal.decidedBy)}`,
      ],
      ['id', colors.dim(proposal.id)],
    ],
    colors.dim,
  );
  const isChange = baseVersion !== null && isUndecided;
  return [
    fields,
    isChange ? renderChange(proposal, colors, width) : renderSteps(proposal, colors, width),
  ].join('\n\n');
}

function originOf({ from, createdBy }: Proposal): string {
  const { conversationId, executionId } = from;
  const what =
    typeof conversationId === 'string'
      ? `conversation ${conversationId}`
      : typeof executionId === 'string'
        ? `execution ${executionId}`
        : 'a SKILL.md';
  return `${what}, by ${createdBy}`;
}

/** Every field that differs, line by line. */
function renderChange({ diff }: Proposal, colors: Colors, width: number): string {
  if (diff.length === 0) return colors.dim('nothing differs from the skill as it is');
  const parts = [...new Set(diff.map(({ part }) => part))];
  return parts
    .map((part) => {
      const fields = diff.filter((one) => one.part === part).map((one) => renderField(one, colors, width));
      return [colors.bold(part.toLowerCase()), ...fields].join('\n');
    })
    .join('\n\n');
}

type Field = Proposal['diff'][number];

function renderField({ field, before, after }: Field, colors: Colors, width: number): string {
  const linesOf = (text: string | undefined) => (text === undefined ? [] : visibleLines(text).split('\n'));
  const looks = {
    same: { mark: ' ', paint: colors.dim },
    removed: { mark: '-', paint: colors.red },
    added: { mark: '+', paint: colors.green },
  };
  const lines = changesBetween(linesOf(before), linesOf(after)).map(({ side, item }) => {
    const { mark, paint } = looks[side];
    return wrap(`${mark} ${item}`, width, '    ').split('\n').map(paint).join('\n');
  });
  return [`  ${field}`, ...lines].join('\n');
}

function renderSteps({ definition }: Proposal, colors: Colors, width: number): string {
  const steps = definition.steps as Step[];
  return steps
    .flatMap((step) => [
      colors.bold(`step ${step.id} of ${steps.length}`),
      wrap(visibleLines(step.prompt), width, '  '),
      ...(step.guidance === undefined
        ? []
        : [colors.dim(wrap(`guidance: ${visibleLines(step.guidance)}`, width, '  '))]),
      step.allowedTools.length === 0
        ? colors.dim('  no tools')
        : wrap(`tools ${step.allowedTools.map(visibleText).join('  ')}`, width, '  '),
      ...(step.approval === undefined ? [] : [colors.dim(`  asks before a call: ${step.approval}`)]),
    ])
    .join('\n');
}
