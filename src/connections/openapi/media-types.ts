/** Media types of bodies: what kind of thing each is. */
import type { BodyPlan } from './operation.ts';

export const essence = (contentType: string): string => contentType.split(';')[0]?.trim().toLowerCase() ?? '';

export function kindOf(contentType: string): BodyPlan['kind'] {
  const type = essence(contentType);
  if (/^(application|text)\/(.+\+)?json$/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'multipart/form-data') return 'multipart';
  if (
    type.startsWith('text/') ||
    /^application\/((.+\+)?xml|.*(yaml|javascript|graphql|ndjson|jsonl|json-seq))$/.test(type)
  )
    return 'text';
  return 'binary';
}
