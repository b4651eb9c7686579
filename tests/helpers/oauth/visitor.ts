/** A browser as far as a server that signs people in needs one: cookies, forms, and redirects one at a time. */

export type Page = {
  status: number;
  text: string;
  /** Where a redirect leads. */
  location: string | undefined;
  /** Where the form on the page is sent. */
  action: string | undefined;
};

/** @returns what opens an address, or sends a form to it, with the cookies of all pages before */
export function startVisitor(): (address: string, form?: URLSearchParams) => Promise<Page> {
  const jar = new Map<string, string>();
  return async (address, form) => {
    const response: Response = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    const at = (found: string | null | undefined) =>
      found === null || found === undefined ? undefined : new URL(found, address).href;
    return {
      status: response.status,
      text,
      location: at(response.headers.get('location')),
      action: at(/<form[^>]*action="([^"]+)"/.exec(text)?.[1]),
    };
  };
}
