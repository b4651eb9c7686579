/** A program that asks to be let in: what there is to know of it before anybody has decided. */
export type AppClient = {
  id: string;
  /** In its own words. */
  name: string;
  redirectUris: readonly string[];
  /** The host whose document says so; null: the program itself does. */
  publisher: string | null;
};
