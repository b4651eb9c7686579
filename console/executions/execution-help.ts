/** What to do about a run that ended badly, by its code: a sentence, and the page where it is done. */
import type { ErrorCode } from '../../src/contract/errors.ts';
import type { FormField } from '../skills/skill-draft.ts';
import { own } from '../ui/own.ts';
import { t } from '../words/t.ts';

export type Help = {
  advice: string;
  at?: 'settings' | 'spending' | 'skill' | 'home' | 'connections';
  /** Which limit of the skill it met. */
  limit?: FormField;
  /** What its record says of it, where that is kept. */
  below?: string;
};

const passes: Help = {
  advice: t('This passes by itself mostly: run it again from the failed step in a few minutes.'),
};
const model: Help = {
  advice: t(
    'Look at the key, the address and the name of the model; the settings try them when they are saved.',
  ),
  at: 'settings',
};

const help: Partial<Record<ErrorCode, Help>> = {
  E_MODEL_AUTH: model,
  E_MODEL_NOT_FOUND: model,
  E_MODEL_UNREACHABLE: model,
  E_MODEL_UNPRICED: {
    advice: t('A cap needs a price: set one for this model, choose another model, or take the cap away.'),
    at: 'settings',
  },
  E_MODEL_BILLING: {
    advice: t('Add credit at the provider of the model; then run it again from the failed step.'),
  },
  E_MODEL_RATE_LIMITED: passes,
  E_MODEL_OVERLOADED: passes,
  E_MODEL_FAILED: passes,
  E_MODEL_TIMEOUT: passes,
  E_MODEL_REFUSED_REQUEST: {
    advice: t(
      'Word the step differently, or give it fewer tools; then run it again with the current version.',
    ),
    at: 'skill',
  },
  E_PROMPT_TOO_LONG: {
    advice: t('Split the step in two, or give it fewer tools; then run it again with the current version.'),
    at: 'skill',
  },
  E_MODEL_DECLINED: {
    advice: t(
      'Word the step differently, or choose another model; then run it again with the current version.',
    ),
    at: 'skill',
  },
  E_ANSWER_TOO_LONG: {
    advice: t(
      'Ask for a shorter answer, or split the step in two; then run it again with the current version.',
    ),
    at: 'skill',
  },
  E_ANSWER_INCOMPLETE: {
    advice: t('Run it again from the failed step; if it stays so, choose another model or another address.'),
    at: 'settings',
  },
  E_NO_ANSWER: {
    advice: t(
      'Run it again from the failed step; if it stays so, say in the prompt what the answer is to hold.',
    ),
    at: 'skill',
  },
  E_OUTPUT_SCHEMA: {
    advice: t('Make the form of the answer simpler, or say in the prompt what each field is for.'),
    at: 'skill',
  },
  E_MAX_TURNS: {
    advice: t('Make the step smaller, or allow it more turns.'),
    below: t('See below what it did turn after turn.'),
    at: 'skill',
  },
  E_RUN_TIMEOUT: {
    advice: t('Allow it more time, or make its steps smaller.'),
    below: t('See below what took so long.'),
    at: 'skill',
    limit: 'timeoutMs',
  },
  E_COST_CAP: {
    advice: t('Raise the cap of the skill, or make the step smaller.'),
    below: t('See below what cost the most.'),
    at: 'skill',
    limit: 'maxCostUsd',
  },
  E_COST_CAP_SKILL: {
    advice: t('Raise the cap of the skill, or wait until its day or month is over.'),
    at: 'skill',
    limit: 'maxCostPerDayUsd',
  },
  E_COST_CAP_DAY: { advice: t('Raise the cap of the day, or run it again tomorrow.'), at: 'spending' },
  E_COST_CAP_MONTH: { advice: t('Raise the cap of the month, or run it again next month.'), at: 'spending' },
  E_SKILL_INACTIVE: { advice: t('The skill is a draft: make it active, then run it again.'), at: 'skill' },
  E_STOPPED: { advice: t('Everything was stopped: let it go on at home, then run this again.'), at: 'home' },
  E_APPROVAL_EXPIRED: {
    advice: t('Nobody decided in time. Run it again from the failed step, and decide when it asks.'),
  },
  E_INTERRUPTED: {
    advice: t('It broke off in the middle, and what was under way may have happened.'),
    below: t('Look at the last calls below before you run it again.'),
  },
  E_UNKNOWN_TOOL: { advice: t('A tool of the skill is gone: choose its tools anew.'), at: 'skill' },
  E_CONNECTION_INACTIVE: { advice: t('Switch the connection on, then run it again.'), at: 'connections' },
  E_CONNECTION_FAILED: { advice: t('Test the connection, then run it again.'), at: 'connections' },
  E_NOT_APPROVED: { advice: t('Approve the connection, then run it again.'), at: 'connections' },
};

const fallback: Help = {
  advice: t('When the cause is gone, run it again from the failed step.'),
  below: t('See below how far it came.'),
};

/** For a code that has no words of its own, where to look. */
export const helpFor = (code: string | null): Help => own(help, code ?? '') ?? fallback;
