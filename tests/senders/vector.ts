/** One delivery as a sender makes it: what CI holds the schemes to. */

export type Vector = {
  /** The sender, as `triggerConfig.auth` has it. */
  auth: string;
  /**
   * `signed`: its own library made the signature. `taken`: its own library takes it. `documents`: an example that its
   * documents print. `recipe`: made by us as the
   * scheme is known, as there is no library: neither the sender nor a program of its own has had a part in it.
   */
  how: 'signed' | 'taken' | 'documents' | 'recipe';
  /** Which library and version, or which page. */
  by: string;
  secret: string;
  /** When it was signed. */
  at: string;
  url: string;
  headers: Record<string, string>;
  body: string;
};

/** The words of docs/senders.md. */
export const provenWords = ({ how, by }: Pick<Vector, 'how' | 'by'>): string =>
  ({
    signed: `signed by ${by}`,
    taken: `taken by ${by}`,
    documents: `the example of ${by}`,
    recipe: 'signed by ourselves, not yet by the sender',
  })[how];
