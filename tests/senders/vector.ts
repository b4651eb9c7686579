/** One delivery as a sender makes it: what CI holds the schemes to. */

export type Vector = {
  /** The sender, as `triggerConfig.auth` has it. */
  auth: string;
  /**
   * `signed`: its own library made the signature. `taken`: its own library takes it. `documents`: an example that its
   * documents print. `recipe`: made by hand as its documents say, as there is no library.
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
    recipe: `made as ${by} say`,
  })[how];
