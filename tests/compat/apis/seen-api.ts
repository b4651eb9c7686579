/** What became of one OpenAPI document: a row of docs/apis.md. */
export type SeenApi = {
  name: string;
  /** Of OpenAPI, as the document says it. */
  version: string;
  /** As they are counted without Alfred, and those of them that stand in other files. */
  operations: number;
  elsewhere: number;
  bytes: number;
  /** Where its address comes from: the document says it, or the owner has to. */
  address: 'document' | 'owner';
  tools: number;
  /** Tools that no model can be given. */
  off: number;
  tokens: number;
  /** Until its tools were kept. */
  seconds: number;
  /** What Alfred says of operations that are no tools. */
  warnings: string[];
  error?: string | undefined;
};
