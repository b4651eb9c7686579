/** A webhook's part of a trigger as the form holds it, and back. */
import { given, isEmpty, numberOr, textOf, textOr } from './draft-texts.ts';

export type HookDraft = {
  auth: string;
  response: string;
  /** The JSON of a scheme of one's own. */
  scheme: string;
  /** A word for the sender's form; empty to keep the one that is there. */
  verifyToken: string;
  /** Names of headers, parted by commas. */
  headers: string;
  takesGet: boolean;
  answerStatus: string;
  answerBody: string;
  answerType: string;
  failedStatus: string;
};

export function hookDraftOf(config: Record<string, unknown>): Omit<HookDraft, 'auth' | 'response'> {
  const answer = (config.answer ?? {}) as Record<string, unknown>;
  return {
    scheme: JSON.stringify(config.scheme ?? exampleScheme, null, 2),
    verifyToken: '',
    headers: Array.isArray(config.headers) ? config.headers.join(', ') : '',
    takesGet: Array.isArray(config.methods) && config.methods.includes('GET'),
    answerStatus: textOf(answer.status),
    answerBody: textOf(answer.body),
    answerType: textOf(answer.contentType) || 'text/plain',
    failedStatus: textOf(answer.failedStatus),
  };
}

/** What most senders do that have no name here. */
const exampleScheme = {
  signature: { from: 'header:x-signature', encoding: 'hex' },
  signed: ['{body}'],
  algorithm: 'hmac-sha256',
};

export function hookConfigOf(trigger: HookDraft): Record<string, unknown> {
  const headers = trigger.headers.split(/[\s,]+/).filter((name) => name !== '');
  const answer = {
    ...given('status', numberOr(trigger.answerStatus, undefined)),
    ...(isEmpty(trigger.answerBody) ? {} : { body: trigger.answerBody, contentType: trigger.answerType }),
    ...given(
      'failedStatus',
      trigger.response === 'result' ? numberOr(trigger.failedStatus, undefined) : undefined,
    ),
  };
  return {
    ...(trigger.auth === 'custom' ? { scheme: JSON.parse(trigger.scheme) as unknown } : {}),
    ...given('verifyToken', trigger.auth === 'meta' ? textOr(trigger.verifyToken, undefined) : undefined),
    ...(headers.length === 0 ? {} : { headers }),
    ...(trigger.takesGet ? { methods: ['POST', 'GET'] } : {}),
    ...(Object.keys(answer).length === 0 ? {} : { answer }),
  };
}

/** Of `triggerConfig.answer`, where the form has each. */
export const answerFields: Readonly<Record<string, string>> = {
  status: 'answerStatus',
  body: 'answerBody',
  contentType: 'answerType',
  failedStatus: 'failedStatus',
};
