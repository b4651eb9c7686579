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

/** What a `{…}` of a template stands for. */
export type PathName = {
  name: string;
  /** A value may be several segments: its slashes are sent as they are. */
  isSeveralSegments: boolean;
};

/**
 * `{+name}` is RFC 6570's (section 3.2.3), as Google's APIs have it ("projects/1/topics/2"); `{name+}` is that of gateways of
 * AWS.
 */
export const pathNameOf = (written: string): PathName => ({
  name: written.replace(/^\+|\+$/g, ''),
  isSeveralSegments: /^\+|\+$/.test(written),
});

/** The `{names}` of a template, in order. */
export const namesIn = (template: string): PathName[] =>
  [...template.matchAll(placeholder)].map(([, written = '']) => pathNameOf(written));

export const placeholder = /\{([^{}/]+)\}/g;

/** Segments that are `:name`, as routers of programs have them, as the `{name}` that they stand for: no path has them as text. */
export const withBraces = (path: string): string => path.replace(/(?<=\/):([A-Za-z_]\w*)(?=\/|$)/g, '{$1}');
