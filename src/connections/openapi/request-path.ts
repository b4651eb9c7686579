/** The keys of `paths`: mostly a path, in some documents with a query of its own or a fragment that tells two apart. */

export type PathTemplate = {
  /** With `{name}` where a parameter goes. */
  path: string;
  /** The same, of a query that every request has; empty without one. */
  query: string;
};

/** A fragment is never sent (RFC 9110 section 7.1). */
export function splitPath(template: string): PathTemplate {
  const [sent = ''] = template.split('#', 1);
  const at = sent.indexOf('?');
  return at === -1 ? { path: sent, query: '' } : { path: sent.slice(0, at), query: sent.slice(at + 1) };
}

/** The `{names}` of a template, in order. */
export const namesIn = (template: string): string[] =>
  [...template.matchAll(placeholder)].map((match) => match[1] ?? '');

export const placeholder = /\{([^{}/]+)\}/g;
