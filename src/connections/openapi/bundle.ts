/**
 * One document of several files: what a `$ref` to another file stands for is brought in, so that nothing after this looks
 * outside. Schemas become components and stay references, as they may lead back to themselves; anything else takes the place
 * of its reference.
 */
import { isRecord } from '../../contract/is-record.ts';
import { type DocumentFile, loadFiles, type ReadPart } from './document-files.ts';
import { type JsonObject, own, shorten } from './json.ts';
import type { Unread } from './operation.ts';
import { documentBounds, tooLarge } from './parse-document.ts';
import { isData, isSchemaPlace, type Place } from './places.ts';
import { resolvePointer, unreadMark } from './references.ts';

/** References that stand for references, one within another. */
const maxNesting = 32;
const maxUnread = 50;

export type Bundled = { document: JsonObject; unread: Unread[]; partCount: number };

/**
 * @param base the document's own address, or its file's as a file: URL; undefined where it has none
 * @param readPart reads another file, where that may be done
 * @throws AlfredError E_TOO_LARGE when the whole is beyond our bounds
 */
export async function bundle(
  document: JsonObject,
  base: string | undefined,
  readPart: ReadPart | undefined,
): Promise<Bundled> {
  const files = await loadFiles(document, base, readPart);
  if (files.references === 0) return { document, unread: [], partCount: 0 };
  const bundler = new Bundler(document, files.resolve);
  return { ...bundler.bundled(), partCount: files.partCount };
}

type Resolve = Awaited<ReturnType<typeof loadFiles>>['resolve'];

const inside = (place: Place, key: string): Place => ({
  ...place,
  key,
  parent: place.key,
  ...(key === 'responses' ? { isOfAnswer: true } : {}),
});

class Bundler {
  readonly #root: JsonObject;
  readonly #resolve: Resolve;
  readonly #schemas: JsonObject = {};
  /** Local references by what they stand for: a file and a place in it. */
  readonly #known = new Map<string, string>();
  readonly #pending: { target: unknown; file: DocumentFile; place: Place }[] = [];
  readonly #unread = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #isOld: boolean;
  #values = 0;

  constructor(root: JsonObject, resolve: Resolve) {
    this.#root = root;
    this.#resolve = resolve;
    this.#isOld = root.openapi === undefined;
    const there = this.#isOld ? root.definitions : own(root.components, 'schemas');
    this.#taken = new Set(Object.keys(isRecord(there) ? there : {}));
  }

  bundled(): Omit<Bundled, 'partCount'> {
    const whole = this.#copy(this.#root, this.#resolve.root, { key: '', parent: '' }, []);
    const document: JsonObject = isRecord(whole) ? whole : {};
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift())
      this.#schemas[next.place.key] = this.#copy(next.target, next.file, next.place, []);
    const unread = [...this.#unread].map(([reference, why]) => ({ reference, why }));
    return { document: this.#withSchemas(document), unread: unread.slice(0, maxUnread) };
  }

  #withSchemas(document: JsonObject): JsonObject {
    if (Object.keys(this.#schemas).length === 0) return document;
    const merged = (there: unknown) => ({ ...(isRecord(there) ? there : {}), ...this.#schemas });
    if (this.#isOld) return { ...document, definitions: merged(document.definitions) };
    const components = isRecord(document.components) ? document.components : {};
    return { ...document, components: { ...components, schemas: merged(components.schemas) } };
  }

  #copy(value: unknown, file: DocumentFile, place: Place, trail: readonly string[]): unknown {
    this.#values += 1;
    if (this.#values > documentBounds.values)
      throw tooLarge('with its other files it has more values than one may have');
    if (Array.isArray(value))
      return value.map((one, at) =>
        this.#copy(one, file, { ...place, key: String(at), parent: place.key }, trail),
      );
    if (!isRecord(value)) return value;
    const { $ref } = value;
    const follows = typeof $ref === 'string' && !($ref.startsWith('#') && file === this.#resolve.root);
    if (follows) return this.#follow($ref, value, file, place, trail);
    return this.#copyEntries(value, file, place, trail);
  }

  #copyEntries(value: JsonObject, file: DocumentFile, place: Place, trail: readonly string[]): JsonObject {
    const copied: JsonObject = {};
    for (const [key, inner] of Object.entries(value))
      copied[key] = isData(key, place.key) ? inner : this.#copy(inner, file, inside(place, key), trail);
    return copied;
  }

  #follow(
    reference: string,
    value: JsonObject,
    file: DocumentFile,
    place: Place,
    trail: readonly string[],
  ): unknown {
    const { $ref: _reference, ...beside } = value;
    const siblings = this.#copyEntries(beside, file, place, trail);
    const found = this.#resolve.find(reference, file);
    if ('why' in found) return this.#leave(reference, found.why, siblings, place);
    if (found.file === this.#resolve.root) return { $ref: found.pointer, ...siblings };
    const target = resolvePointer(found.file.root, found.pointer);
    if (target === undefined)
      return this.#leave(reference, 'what it names there is not there', siblings, place);
    const id = `${found.file.href}${found.pointer}`;
    if (isSchemaPlace(place)) return { $ref: this.#schema(id, found, target, place), ...siblings };
    if (trail.includes(id) || trail.length >= maxNesting)
      return this.#leave(reference, 'it leads back to itself', siblings, place);
    const inlined = this.#copy(target, found.file, place, [...trail, id]);
    return isRecord(inlined) ? { ...inlined, ...siblings } : inlined;
  }

  #leave(reference: string, why: string, siblings: JsonObject, { isOfAnswer }: Place): JsonObject {
    if (isOfAnswer !== true) this.#unread.set(shorten(reference, 200), why);
    return { $ref: reference, ...siblings, [unreadMark]: why };
  }

  #schema(
    id: string,
    { file, pointer }: { file: DocumentFile; pointer: string },
    target: unknown,
    place: Place,
  ): string {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const last = pointer === '#' ? file.name : pointer.slice(pointer.lastIndexOf('/') + 1);
    const wanted = last.replace(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 60) || 'schema';
    let name = wanted;
    for (let again = 2; this.#taken.has(name) || name === '__proto__'; again++) name = `${wanted}_${again}`;
    this.#taken.add(name);
    const local = `${this.#isOld ? '#/definitions/' : '#/components/schemas/'}${name}`;
    this.#known.set(id, local);
    this.#pending.push({ target, file, place: { ...place, key: name, parent: 'schemas' } });
    return local;
  }
}
