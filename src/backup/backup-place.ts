/** Where backups are kept, and where they are read from: a folder of this machine, or a bucket of a store that speaks S3. */

/** Of what is kept in a place. */
export type Kept = { name: string; bytes: number; changedAt: Date };

/** A backup to be read, wherever it is. */
export type BackupSource = {
  /** As a person names it: the path of a file, or `s3://…`. */
  name: string;
  bytes: number;
  /** Its bytes from one to another (the last one included); to its end when left out. */
  read(from?: number, to?: number): AsyncIterable<Uint8Array>;
};

export type BackupPlace = {
  /** As a person names it: `/mnt/backups`, `s3://bucket/prefix`. */
  words: string;
  /** What a file of it is called in full. */
  nameOf(name: string): string;
  /** What is directly in it and whole; nothing when it is not there yet. */
  list(): Promise<Kept[]>;
  remove(name: string): Promise<void>;
  /**
   * Writes a file: whole, or not there. Nothing is written over.
   *
   * @param options.databaseBytes of the database that goes in: room is looked at, and pieces are measured by it
   * @returns how many bytes it has
   * @throws AlfredError E_CONFLICT when there is one of this name, E_DISK_FULL
   */
  write(
    name: string,
    pieces: AsyncIterable<Uint8Array>,
    options: { databaseBytes: number; signal?: AbortSignal | undefined },
  ): Promise<number>;
  /** Removes what was begun before `before` under a name that begins so, and never finished. */
  removeUnfinished(prefix: string, before: Date): Promise<void>;
  /** @throws AlfredError E_BACKUP when it is not there */
  open(name: string): Promise<BackupSource>;
};
