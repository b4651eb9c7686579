/** What a delivery is answered with, in the words of its sender. */
import type { HookAnswer } from '../contract/webhook-scheme.ts';
import type { WebhookResult } from '../contract/webhooks.ts';

export type Answered = { executionId: string } & Partial<WebhookResult>;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What XML 1.0 cannot hold in any form. */
const noXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const writers = {
  json: (text: string) => JSON.stringify(text).slice(1, -1),
  xml: (text: string) => text.replaceAll(noXml, '').replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign),
  plain: (text: string) => text,
};

/**
 * The body of an answer with what it names filled in, each written so that it cannot become more than text there.
 *
 * @param body with `{{executionId}}`, `{{status}}`, `{{output}}`, `{{error}}`
 */
export function answerBody(body: string, contentType: HookAnswer['contentType'], run: Answered): string {
  const kind = contentType?.endsWith('json') ? 'json' : contentType?.endsWith('xml') ? 'xml' : 'plain';
  const values: Readonly<Record<string, string>> = {
    executionId: run.executionId,
    status: run.status ?? 'queued',
    output: run.output ?? '',
    error: run.error ?? '',
  };
  return body.replaceAll(/\{\{\s*(executionId|status|output|error)\s*\}\}/g, (_whole, name: string) =>
    writers[kind](values[name] ?? ''),
  );
}

/** The status of an answer. @param ended the run's result, where its sender waited for it */
export function answerStatus(answer: HookAnswer | undefined, ended: WebhookResult | undefined): number {
  if (ended === undefined) return answer?.status ?? 202;
  const isFailed = ended.status !== 'succeeded';
  return (isFailed ? answer?.failedStatus : undefined) ?? answer?.status ?? 200;
}
