/** What became of one skill's folder: a row of docs/skills.md. */
export type SeenSkill = {
  /** The folder, in its repository. */
  repository: string;
  folder: string;
  files: number;
  bytes: number;
  /** The name that it has here; undefined where it is not taken. */
  slug?: string | undefined;
  /** Characters that go out with every run. */
  prompt?: number | undefined;
  /** Of the files that are kept beside it, and read where they are needed. */
  kept?: number | undefined;
  /** Whether it is the same after an export and an import. */
  same?: boolean | undefined;
  warnings: string[];
  error?: string | undefined;
};
