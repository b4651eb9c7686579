/** Where in a store that speaks S3: `s3://bucket/some/prefix`. */
export type StorePlace = { bucket: string; prefix: string };

const storeAddress = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*))?$/;

/** Undefined for what is no address of a store. */
export function readStorePlace(text: string): StorePlace | undefined {
  const [, bucket, prefix = ''] = storeAddress.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
}
